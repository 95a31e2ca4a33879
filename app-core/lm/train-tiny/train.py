"""Trains three small decoders from scratch, all alike but for how many inputs are dropped, and writes what came of it.

    python train.py PACKAGE_FOLDER OUT_FOLDER [--steps N] [--seed N]

Same seed, same beginning, same windows of text in the same order, same number of steps. Into OUT_FOLDER: `loss.csv`,
`loss.md`, `loss.svg` and `loss.png`; for each model NAME.gguf (ternary), NAME-f32.gguf (the same values as floats) and
what this trainer says of a fixed text with (NAME.int8) and without (NAME.float) int8 inputs; `check.txt` and
`held-out.txt`, the texts.
"""

import argparse
import csv
import json
import time
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import matplotlib
import numpy as np
from tokenizers import ByteLevelBPETokenizer

import corpus
import decoder
import gguf_file
from decoder import Shape

MODELS = {"dense": 0.0, "sparse-40": 0.4, "sparse-60": 0.6}
BATCH = 8
MOST_RATE, WARM_UP, LAST_SHARE = 2e-3, 40, 0.1
BETAS, DECAY, CLIP = (0.9, 0.95), 0.05, 1.0
# Steps whose loss is averaged to one point.
SPAN = 20
# Characters of text that the vocabulary is made from.
VOCABULARY_FROM = 600_000
# Ours, for the comparison of logits: it must fit into one window.
CHECK = (
    "On the first fine morning of June my grandmother opened the kitchen window, put the bread into the oven and asked "
    "whether anybody had seen her spectacles. They were in the blue bowl, where she had laid them herself, under three "
    "lemons and a letter from her sister. \"How very kind of you,\" she said, \"to put them in so safe a place.\""
)


def rate_at(step: jax.Array, steps: int) -> jax.Array:
    """A short rise, then half a cosine down to a tenth."""
    done = (step - WARM_UP) / max(steps - WARM_UP, 1)
    fall = LAST_SHARE + (1 - LAST_SHARE) * (1 + jnp.cos(jnp.pi * jnp.clip(done, 0, 1))) / 2
    return MOST_RATE * jnp.minimum((step + 1) / WARM_UP, fall)


@partial(jax.jit, static_argnames=("shape", "sparsity", "steps"), donate_argnums=(0, 1, 2))
def learn(weights, mean, square, step, windows, *, shape, sparsity, steps):
    """One step of AdamW (arXiv 1711.05101)."""
    lost, slope = jax.value_and_grad(decoder.loss)(weights, windows, shape, sparsity)
    size = jnp.sqrt(sum(jnp.sum(part * part) for part in jax.tree.leaves(slope)))
    slope = jax.tree.map(lambda part: part * jnp.minimum(1, CLIP / size), slope)
    mean = jax.tree.map(lambda m, g: BETAS[0] * m + (1 - BETAS[0]) * g, mean, slope)
    square = jax.tree.map(lambda v, g: BETAS[1] * v + (1 - BETAS[1]) * g * g, square, slope)
    rate, at = rate_at(step, steps), step + 1

    def moved(weight, m, v):
        change = m / (1 - BETAS[0] ** at) / (jnp.sqrt(v / (1 - BETAS[1] ** at)) + 1e-8)
        return weight - rate * (change + (DECAY * weight if weight.ndim == 2 else 0))

    return jax.tree.map(moved, weights, mean, square), mean, square, lost


def train(tokens: np.ndarray, shape: Shape, sparsity: float, steps: int, seed: int) -> tuple[dict, list[float]]:
    weights = decoder.start(shape, seed)
    mean, square = jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights)
    order, losses = np.random.default_rng(seed + 1), []
    for step in range(steps):
        firsts = order.integers(0, len(tokens) - shape.window - 1, BATCH)
        windows = jnp.asarray(np.stack([tokens[first : first + shape.window + 1] for first in firsts]))
        weights, mean, square, lost = learn(
            weights, mean, square, jnp.float32(step), windows, shape=shape, sparsity=sparsity, steps=steps
        )
        losses.append(float(lost))
        if (step + 1) % 50 == 0:
            print(f"    step {step + 1} of {steps}: loss {np.mean(losses[-SPAN:]):.3f}", flush=True)
    return weights, losses


def held_out(weights: dict, tokens: np.ndarray, shape: Shape, sparsity: float) -> tuple[float, np.ndarray]:
    """Mean loss over windows side by side, first tokens not scored; the share of zeros `down` gets by itself."""
    count = -(-len(tokens) // shape.window)
    windows = np.zeros((count, shape.window), np.int32)
    windows.reshape(-1)[: len(tokens)] = tokens
    is_scored = (np.arange(count * shape.window) < len(tokens)).reshape(windows.shape)[:, 1:]
    total, zeros = 0.0, []
    run = jax.jit(partial(decoder.logits, shape=shape, sparsity=sparsity))
    for part in range(0, count, BATCH):
        scores, zero = run(weights, jnp.asarray(windows[part : part + BATCH]))
        lost = decoder.cross_entropy(scores[:, :-1], jnp.asarray(windows[part : part + BATCH, 1:]))
        total += float(jnp.sum(lost * is_scored[part : part + BATCH]))
        zeros.append(np.asarray(zero))
    return total / is_scored.sum(), np.mean(zeros, axis=0)


def as_stored(weights: dict) -> dict:
    """The embedding as the file has it, in halves; ternary matrices are the same either way."""
    return weights | {"token_embd": weights["token_embd"].astype(jnp.float16).astype(jnp.float32)}


def tokenizer_of(text: str, shape: Shape) -> tuple[ByteLevelBPETokenizer, list[str], list[str]]:
    """Byte-level BPE as GPT-2 has it; its vocabulary by number, and its merges."""
    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(
        text[:VOCABULARY_FROM].split("\n\n"), vocab_size=shape.vocabulary, special_tokens=[gguf_file.END], show_progress=False
    )
    numbers = tokenizer.get_vocab()
    merges = json.loads(tokenizer._tokenizer.to_str())["model"]["merges"]
    return tokenizer, sorted(numbers, key=numbers.get), [" ".join(pair) for pair in merges]


def write_table(out: Path, losses: dict, rows: list[dict]) -> None:
    """Training loss at equal steps, and what came of it."""
    names = list(losses)
    points = range(SPAN, len(next(iter(losses.values()))) + 1, SPAN)
    means = [[step, *(float(np.mean(losses[name][step - SPAN : step])) for name in names)] for step in points]
    with open(out / "loss.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["step", *names])
        table.writerows([step, *(f"{mean:.4f}" for mean in row)] for step, *row in means)
    lines = [f"| step | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    every = max(1, len(means) // 12)
    shown = means[every - 1 :: every]
    lines += [f"| {step} | {' | '.join(f'{mean:.3f}' for mean in row)} |" for step, *row in shown]
    lines += [
        "",
        "| model | inputs dropped | held-out loss, nats a token | bits a byte | zeros of `down`'s inputs by themselves"
        " | minutes |",
        "|---" * 6 + "|",
    ]
    lines += [
        f"| {row['name']} | {row['sparsity']:.0%} | {row['held_out']:.4f} | {row['bits']:.3f} | {row['zeros']}"
        f" | {row['minutes']:.1f} |"
        for row in rows
    ]
    text = "\n".join(lines) + "\n"
    (out / "loss.md").write_text(text)
    print(text)
    plot(out, means, names)


def plot(out: Path, means: list, names: list[str]) -> None:
    matplotlib.use("Agg")
    import matplotlib.pyplot as pictures

    matplotlib.rcParams["svg.hashsalt"] = "train-tiny"
    figure, axes = pictures.subplots(figsize=(7.2, 4.2), layout="constrained")
    steps = [row[0] for row in means]
    for column, (name, style) in enumerate(zip(names, ("-", "--", ":")), start=1):
        axes.plot(steps, [row[column] for row in means], style, label=name, linewidth=1.8)
    axes.set_xlabel(f"steps of {BATCH} windows")
    axes.set_ylabel(f"training loss, nats a token, mean of {SPAN} steps")
    axes.set_title("BitNet b1.58 from scratch, inputs dropped by Q-Sparse")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(out / "loss.svg", metadata={"Date": None})
    figure.savefig(out / "loss.png", dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("package", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    words.out.mkdir(parents=True, exist_ok=True)
    shape = Shape()
    text, judged = corpus.split(words.package)
    judged = corpus.excerpt(judged, corpus.MEASURED)
    tokenizer, vocabulary, merges = tokenizer_of(text, shape)
    tokens, judged_tokens, check = (np.array(tokenizer.encode(t).ids, np.int32) for t in (text, judged, CHECK))
    assert len(check) <= shape.window, f"the fixed text has {len(check)} tokens"
    (words.out / "held-out.txt").write_text(judged)
    (words.out / "check.txt").write_text(CHECK)
    print(f"{len(tokens):,} tokens to learn from, {len(judged_tokens):,} to judge by, {len(check)} in the fixed text")
    losses, rows = {}, []
    for name, sparsity in MODELS.items():
        print(f"  {name}: {sparsity:.0%} of inputs dropped", flush=True)
        began = time.monotonic()
        weights, losses[name] = train(tokens, shape, sparsity, words.steps, words.seed)
        minutes = (time.monotonic() - began) / 60
        weights = as_stored(weights)
        lost, zeros = held_out(weights, judged_tokens, shape, sparsity)
        bits = lost * len(judged_tokens) / len(judged.encode()) / np.log(2)
        zeros = ", ".join(f"{zero:.0%}" for zero in zeros)
        rows.append(dict(name=name, sparsity=sparsity, held_out=lost, bits=bits, zeros=zeros, minutes=minutes))
        entries = gguf_file.metadata(shape, sparsity, f"train-tiny {name}", vocabulary, merges)
        for as_floats, ending in ((False, ""), (True, "-f32")):
            path = words.out / f"{name}{ending}.gguf"
            gguf_file.write(path, entries, gguf_file.tensors(weights, shape, as_floats))
        for rounds, ending in ((True, "int8"), (False, "float")):
            said, _ = decoder.logits(weights, jnp.asarray(check[None]), shape, sparsity, rounds)
            (words.out / f"{name}.{ending}").write_bytes(np.asarray(said[0], "<f4").tobytes())
        (words.out / f"{name}.loss").write_text(f"{lost:.6f}\n")
    (words.out / "check.tokens").write_bytes(check.astype("<u4").tobytes())
    write_table(words.out, losses, rows)


if __name__ == "__main__":
    main()
