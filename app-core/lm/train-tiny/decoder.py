"""A BitNet b1.58 decoder with Q-Sparse inputs, as `reme-lm` runs the family `bitnet-b1.58`.

Ternary weights by the mean magnitude and int8 inputs by the largest (BitNet b1.58, arXiv 2402.17764), norms before the
last matrix of either half of a block, squared-ReLU GLU, and of the inputs of every ternary matrix only the K largest
(Q-Sparse, arXiv 2407.10969). Roundings and dropping let gradients through as if they were not there. Shapes:
[batch, tokens, width].
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

EPSILON = 1e-5
ROPE_BASE = 10_000.0
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


@dataclass(frozen=True)
class Shape:
    """Sizes; every width is a multiple of 256, the block of the file's ternary type."""

    vocabulary: int = 1024
    layers: int = 2
    width: int = 256
    feed_forward: int = 768
    heads: int = 4
    window: int = 128

    def kept(self, sparsity: float) -> tuple[int, int]:
        """How many inputs survive, of `width` and of `feed_forward`."""
        return round(self.width * (1 - sparsity)), round(self.feed_forward * (1 - sparsity))

    def matrix(self, name: str) -> tuple[int, int]:
        """(rows, columns)."""
        rows = self.feed_forward if name in ("ffn_gate", "ffn_up") else self.width
        return rows, self.feed_forward if name == "ffn_down" else self.width


def start(shape: Shape, seed: int) -> dict:
    """Weights to begin with."""
    random = np.random.default_rng(seed)

    def normal(*dims: int) -> jax.Array:
        return jnp.asarray(random.normal(0, 0.02, dims), jnp.float32)

    weights = {"token_embd": normal(shape.vocabulary, shape.width), "output_norm": jnp.ones(shape.width)}
    for layer in range(shape.layers):
        block = {name: normal(*shape.matrix(name)) for name in MATRICES}
        for name in ("attn_norm", "attn_sub_norm", "ffn_norm", "ffn_sub_norm"):
            block[name] = jnp.ones(shape.feed_forward if name == "ffn_sub_norm" else shape.width)
        weights[f"blk.{layer}"] = block
    return weights


def straight_through(value: jax.Array, changed: jax.Array) -> jax.Array:
    """`changed` forwards, the gradient of `value` backwards."""
    return value + jax.lax.stop_gradient(changed - value)


def codes_of(matrix: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Codes -1, 0, 1 and their scale, which is a half as in the file."""
    scale = jnp.mean(jnp.abs(matrix)).astype(jnp.float16).astype(jnp.float32)
    return jnp.clip(jnp.round(matrix / jnp.maximum(scale, 1e-8)), -1, 1), scale


def ternary(matrix: jax.Array) -> jax.Array:
    codes, scale = codes_of(matrix)
    return straight_through(matrix, codes * scale)


def quants_of(x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """int8 by the largest magnitude of each vector, and the scale."""
    largest = jnp.max(jnp.abs(x), axis=-1, keepdims=True)
    return jnp.round(x * (127 / jnp.maximum(largest, 1e-8))), largest / 127


def survivors(quants: jax.Array, count: int) -> jax.Array:
    """Which are among the `count` largest int8 magnitudes and not rounded to zero; of equal ones at the edge the first, as
    the runtime has it."""
    size = jnp.abs(quants)
    # The highest magnitude of which `count` are at least as large, bit by bit.
    edge = jnp.zeros_like(size[..., :1])
    for bit in (64, 32, 16, 8, 4, 2, 1):
        enough = jnp.sum(size >= edge + bit, axis=-1, keepdims=True) >= count
        edge = jnp.where(enough, edge + bit, edge)
    above, at_edge = size > edge, size == edge
    room = count - jnp.sum(above, axis=-1, keepdims=True)
    return (size > 0) & (above | (at_edge & (jnp.cumsum(at_edge, axis=-1) <= room)))


def inputs(x: jax.Array, count: int, rounds: bool) -> jax.Array:
    """What meets the weights: the `count` largest, in int8 if it `rounds`."""
    quants, scale = quants_of(x)
    changed = quants * scale if rounds else x
    if count < x.shape[-1]:
        changed = changed * survivors(quants, count)
    return straight_through(x, changed)


def norm(x: jax.Array, weight: jax.Array) -> jax.Array:
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + EPSILON) * weight


def rotate(x: jax.Array) -> jax.Array:
    """RoPE on halves; x is [batch, tokens, heads, head_len]."""
    half = x.shape[-1] // 2
    angles = jnp.arange(x.shape[1])[:, None] * ROPE_BASE ** (-jnp.arange(half) / half)
    cos, sin = jnp.cos(angles)[:, None, :], jnp.sin(angles)[:, None, :]
    a, b = x[..., :half], x[..., half:]
    return jnp.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


def logits(weights: dict, tokens: jax.Array, shape: Shape, sparsity: float, rounds: bool = True) -> tuple:
    """Logits [batch, tokens, vocabulary], and the share of zeros among `down`'s inputs before any is dropped."""
    kept, kept_inside = shape.kept(sparsity)
    batch, length = tokens.shape
    heads = (batch, length, shape.heads, shape.width // shape.heads)
    causal = jnp.tril(jnp.ones((length, length), bool))
    x = weights["token_embd"][tokens]
    zeros = []
    for layer in range(shape.layers):
        block = weights[f"blk.{layer}"]
        into = inputs(norm(x, block["attn_norm"]), kept, rounds)
        query, key, value = (
            (into @ ternary(block[name]).T).reshape(heads) for name in ("attn_q", "attn_k", "attn_v")
        )
        scores = jnp.einsum("bqhd,bkhd->bhqk", rotate(query), rotate(key)) / np.sqrt(heads[-1])
        scores = jax.nn.softmax(jnp.where(causal, scores, -jnp.inf), axis=-1)
        mixed = jnp.einsum("bhqk,bkhd->bqhd", scores, value).reshape(x.shape)
        mixed = inputs(norm(mixed, block["attn_sub_norm"]), kept, rounds)
        x = x + mixed @ ternary(block["attn_output"]).T
        into = inputs(norm(x, block["ffn_norm"]), kept, rounds)
        gate, up = (into @ ternary(block[name]).T for name in ("ffn_gate", "ffn_up"))
        inside = norm(jnp.square(jax.nn.relu(gate)) * up, block["ffn_sub_norm"])
        zeros.append(jnp.mean(inside == 0))
        x = x + inputs(inside, kept_inside, rounds) @ ternary(block["ffn_down"]).T
    return norm(x, weights["output_norm"]) @ weights["token_embd"].T, jnp.stack(zeros)


def loss(weights: dict, windows: jax.Array, shape: Shape, sparsity: float) -> jax.Array:
    """Mean cross-entropy in nats of every token but the first of each window."""
    scores, _ = logits(weights, windows[:, :-1], shape, sparsity)
    return jnp.mean(cross_entropy(scores, windows[:, 1:]))


def cross_entropy(scores: jax.Array, targets: jax.Array) -> jax.Array:
    found = jnp.take_along_axis(scores, targets[..., None], axis=-1)[..., 0]
    return jax.nn.logsumexp(scores, axis=-1) - found
