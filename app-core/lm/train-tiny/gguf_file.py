"""Writes a model as GGUF: as ternary blocks, or with the same values as floats. Format: the ggml project's own."""

import struct
from pathlib import Path

import numpy as np

import decoder
from decoder import MATRICES, Shape

FAMILY = "bitnet-b1.58"
ALIGNMENT = 32
# GGML's numbers of tensor types.
F32, F16, TQ2_0 = 0, 1, 35
BLOCK = 256
END = "<|endoftext|>"
# What a conversation is to this model: the texts one after another.
TEMPLATE = "{% for message in messages %}{{ message.content }}{% endfor %}"


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def value(item: object) -> bytes:
    """A metadata value: its kind, then its bytes."""
    match item:
        case int():
            return struct.pack("<II", 4, item)
        case float():
            return struct.pack("<If", 6, item)
        case str():
            return struct.pack("<I", 8) + text(item)
        case [str(), *_]:
            return struct.pack("<IIQ", 9, 8, len(item)) + b"".join(map(text, item))
        case list():
            return struct.pack("<IIQ", 9, 5, len(item)) + struct.pack(f"<{len(item)}i", *item)
    raise TypeError(f"{item!r} has no form in the file")


def ternary_blocks(codes: np.ndarray, scale: float) -> bytes:
    """Codes -1, 0, 1 [rows, columns] in blocks of 256: in each half, byte i has columns i, 32 + i, 64 + i and 96 + i."""
    digits = (codes.astype(np.int8) + 1).astype(np.uint8).reshape(-1, BLOCK // 128, 4, 32)
    packed = (digits << np.array([0, 2, 4, 6], np.uint8)[:, None]).sum(axis=2, dtype=np.uint8).reshape(-1, BLOCK // 4)
    scales = np.full((len(packed), 1), scale, "<f2").view(np.uint8)
    return np.hstack([packed, scales]).tobytes()


def metadata(shape: Shape, sparsity: float, name: str, vocabulary: list[str], merges: list[str]) -> dict:
    kept, kept_inside = shape.kept(sparsity)
    entries = {
        "general.architecture": FAMILY,
        "general.name": name,
        f"{FAMILY}.block_count": shape.layers,
        f"{FAMILY}.context_length": shape.window,
        f"{FAMILY}.embedding_length": shape.width,
        f"{FAMILY}.feed_forward_length": shape.feed_forward,
        f"{FAMILY}.attention.head_count": shape.heads,
        f"{FAMILY}.attention.head_count_kv": shape.heads,
        f"{FAMILY}.attention.layer_norm_rms_epsilon": decoder.EPSILON,
        f"{FAMILY}.rope.freq_base": decoder.ROPE_BASE,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": vocabulary,
        "tokenizer.ggml.token_type": [3 if token == END else 1 for token in vocabulary],
        "tokenizer.ggml.merges": merges,
        "tokenizer.ggml.eos_token_id": vocabulary.index(END),
        "tokenizer.chat_template": TEMPLATE,
    }
    if sparsity > 0:
        entries["reme.sparsity.top_k"] = [kept_inside] * shape.layers
        entries["reme.sparsity.input_top_k"] = [kept] * shape.layers
    return entries


def tensors(weights: dict, shape: Shape, as_floats: bool) -> list[tuple]:
    """(name, dimensions with columns first, type, bytes) of each."""

    def vector(name: str, numbers: object) -> tuple:
        return name, [len(numbers)], F32, np.asarray(numbers, "<f4").tobytes()

    embedding = np.asarray(weights["token_embd"]).astype("<f2")
    kind = F32 if as_floats else F16
    stored = embedding.astype("<f4" if as_floats else "<f2").tobytes()
    found = [("token_embd.weight", [shape.width, shape.vocabulary], kind, stored)]
    for layer in range(shape.layers):
        for part, numbers in weights[f"blk.{layer}"].items():
            name = f"blk.{layer}.{part}.weight"
            if part not in MATRICES:
                found.append(vector(name, numbers))
                continue
            codes, scale = map(np.asarray, decoder.codes_of(numbers))
            data = (codes * scale).astype("<f4").tobytes() if as_floats else ternary_blocks(codes, float(scale))
            found.append((name, list(reversed(codes.shape)), F32 if as_floats else TQ2_0, data))
    return [*found, vector("output_norm.weight", weights["output_norm"])]


def write(path: Path, entries: dict, found: list[tuple]) -> None:
    def padded(data: bytes) -> bytes:
        return data + bytes(-len(data) % ALIGNMENT)

    head = b"GGUF" + struct.pack("<IQQ", 3, len(found), len(entries))
    head += b"".join(text(key) + value(item) for key, item in entries.items())
    offset = 0
    for name, dims, kind, data in found:
        head += text(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, kind, offset)
        offset += len(padded(data))
    path.write_bytes(padded(head) + b"".join(padded(data) for *_, data in found))
