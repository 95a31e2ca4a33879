#!/usr/bin/env python3
"""Makes a tiny Idefics3 (SmolVLM) model with seeded random weights and records what transformers computes with it.

usage: record_vision.py FOLDER

Writes into FOLDER (app-core/lm/tests/reference/vision): model.gguf and mmproj.gguf, named and shaped as llama.cpp's converter
names and shapes them; picture.rgb, a drawn picture of 50 x 31 pixels; tiles.rgb, what the image processor cuts it into; and
reference.json with prompt tokens, image vectors and logits, once cut into tiles and once as a whole.

Needs torch, transformers, tokenizers, gguf, numpy and pillow in a virtual environment."""

import json
import pathlib
import sys

import gguf
import numpy as np
import torch
from PIL import Image
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import Idefics3Config, Idefics3ForConditionalGeneration, Idefics3Processor, PreTrainedTokenizerFast
from transformers.models.idefics3.image_processing_pil_idefics3 import Idefics3ImageProcessorPil

SEED = 20
TILE, PATCH, SHUFFLE, LONGEST = 16, 4, 2, 48
WIDTH, HEIGHT = 50, 31
SPECIALS = ["<|im_start|>", "<end_of_utterance>", "<fake_token_around_image>", "<image>", "<global-img>"]
SPECIALS += [f"<row_{r}_col_{c}>" for r in range(1, 4) for c in range(1, 4)]
# Content in parts, as SmolVLM's template takes it.
TEMPLATE = (
    "<|im_start|>{% for message in messages %}{{ message['role'] | capitalize }}"
    "{% if message['content'][0]['type'] == 'image' %}{{ ':' }}{% else %}{{ ': ' }}{% endif %}"
    "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{ line['text'] }}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)
QUESTION = "What does this show, in 12 words?"


def picture():
    """A sky, a hill, a sun and a house, with edges that scaling must treat well."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    rgb = np.stack([90 + 2 * y, 150 + y, 250 - 3 * y], axis=-1).astype(np.int64)
    rgb[(x - 40) ** 2 + (y - 7) ** 2 < 20] = (255, 220, 40)
    rgb[y > 22 - 4 * np.sin(x / 9.0)] = (40, 130, 50)
    rgb[(x > 8) & (x < 20) & (y > 12) & (y < 26)] = (180, 60, 50)
    rgb += np.random.default_rng(SEED).integers(-9, 10, rgb.shape)
    return np.clip(rgb, 0, 255).astype(np.uint8)


def tokenizer():
    byte_chars = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("Ġ", "t"), ("h", "e"), ("Ġt", "he"), ("i", "s"), ("Ċ", "Ċ"), ("Ġ", "w"), ("o", "r")]
    texts = byte_chars + [a + b for a, b in merges]
    bpe = models.BPE(vocab={text: i for i, text in enumerate(texts)}, merges=merges)
    raw = Tokenizer(bpe)
    digits = pre_tokenizers.Digits(individual_digits=True)
    raw.pre_tokenizer = pre_tokenizers.Sequence([digits, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    raw.decoder = decoders.ByteLevel()
    raw.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIALS])
    texts += SPECIALS
    fast = PreTrainedTokenizerFast(tokenizer_object=raw, eos_token="<end_of_utterance>", pad_token="<|im_start|>")
    return fast, texts, [f"{a} {b}" for a, b in merges]


def model(vocabulary, image_token):
    config = Idefics3Config(
        image_token_id=image_token, pad_token_id=0, tie_word_embeddings=True, scale_factor=SHUFFLE,
        vision_config=dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                           image_size=TILE, patch_size=PATCH, num_channels=3, layer_norm_eps=1e-6),
        text_config=dict(model_type="llama", hidden_size=32, intermediate_size=64, num_hidden_layers=2,
                         num_attention_heads=4, num_key_value_heads=2, vocab_size=vocabulary, rms_norm_eps=1e-5,
                         max_position_embeddings=1024, rope_theta=10000.0, tie_word_embeddings=True,
                         pad_token_id=0, bos_token_id=0, eos_token_id=0),
    )
    config._attn_implementation = "eager"
    torch.manual_seed(SEED)
    net = Idefics3ForConditionalGeneration(config).eval()
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, weight in sorted(net.named_parameters()):
            noise = torch.randn(weight.shape, generator=generator)
            if "norm" in name and name.endswith("weight"):
                weight.copy_(1 + 0.2 * noise)
            elif weight.dim() == 1:
                weight.copy_(0.1 * noise)
            elif "embed" in name:
                weight.copy_(0.5 * noise)
            else:
                weight.copy_(noise * (1.5 / weight[0].numel() ** 0.5))
    return net, config


def paired(weight, heads):
    """The order of rows in which llama.cpp rotates neighbours, from one in which halves are rotated."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(weight.shape)


def write_text(path, net, config, texts, merges):
    text = config.text_config
    out = gguf.GGUFWriter(str(path), "llama")
    out.add_name("tiny random SmolVLM")
    out.add_block_count(text.num_hidden_layers)
    out.add_context_length(text.max_position_embeddings)
    out.add_embedding_length(text.hidden_size)
    out.add_feed_forward_length(text.intermediate_size)
    out.add_head_count(text.num_attention_heads)
    out.add_head_count_kv(text.num_key_value_heads)
    out.add_layer_norm_rms_eps(text.rms_norm_eps)
    out.add_rope_freq_base(10000.0)
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("smollm")
    out.add_token_list(texts)
    out.add_token_types([3 if token in SPECIALS else 1 for token in texts])
    out.add_token_merges(merges)
    out.add_eos_token_id(texts.index("<end_of_utterance>"))
    out.add_chat_template(TEMPLATE)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, text.num_hidden_layers)
    for name, weight in net.state_dict().items():
        if ".text_model." not in name:
            continue
        data = weight.float().numpy()
        if name.endswith("q_proj.weight"):
            data = paired(data, text.num_attention_heads)
        elif name.endswith("k_proj.weight"):
            data = paired(data, text.num_key_value_heads)
        name = "model." + name.split(".text_model.")[1]
        out.add_tensor(names.get_name(name, try_suffixes=(".weight",)), np.ascontiguousarray(data))
    finish(out)


def write_vision(path, net, config):
    vision = config.vision_config
    out = gguf.GGUFWriter(str(path), "clip")
    out.add_type(gguf.GGUFType.MMPROJ)
    out.add_clip_has_vision_encoder(True)
    out.add_clip_projector_type(gguf.VisionProjectorType.IDEFICS3)
    out.add_vision_projection_dim(config.text_config.hidden_size)
    out.add_vision_image_size(vision.image_size)
    out.add_vision_patch_size(vision.patch_size)
    out.add_vision_embedding_length(vision.hidden_size)
    out.add_vision_feed_forward_length(vision.intermediate_size)
    out.add_vision_block_count(vision.num_hidden_layers)
    out.add_vision_head_count(vision.num_attention_heads)
    out.add_vision_attention_layernorm_eps(vision.layer_norm_eps)
    out.add_vision_image_mean([0.5, 0.5, 0.5])
    out.add_vision_image_std([0.5, 0.5, 0.5])
    out.add_vision_projector_scale_factor(config.scale_factor)
    out.add_vision_use_gelu(True)
    out.add_vision_preproc_image_size(LONGEST)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.MMPROJ, vision.num_hidden_layers)
    for name, weight in net.state_dict().items():
        if ".vision_model." in name or ".connector." in name:
            out.add_tensor(names.get_name(name, try_suffixes=(".weight", ".bias")), weight.float().numpy())
    finish(out)


def finish(out):
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def record(net, processor, image, longest):
    processor.image_processor.size = {"longest_edge": longest}
    chat = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": QUESTION}]}]
    text = processor.apply_chat_template(chat, add_generation_prompt=True)
    inputs = processor(text=text, images=[[Image.fromarray(image)]], return_tensors="pt")
    with torch.no_grad():
        hidden = net.model.get_image_features(inputs["pixel_values"], inputs["pixel_attention_mask"])
        hidden = hidden if torch.is_tensor(hidden) else hidden.pooler_output
        hidden = torch.cat(list(hidden))
        out = net(**inputs)
        written = net.generate(**inputs, max_new_tokens=8, do_sample=False, eos_token_id=None)
    tokens = inputs["input_ids"][0].tolist()
    tiles = (inputs["pixel_values"][0].numpy() * 0.5 + 0.5) * 255
    return tiles.round().astype(np.uint8).transpose(0, 2, 3, 1), {
        "longest_edge_px": longest,
        "tokens": tokens,
        "image": [float(f"{v:.7g}") for v in hidden.flatten().tolist()],
        "logits": [float(f"{v:.7g}") for v in out.logits[0, -1].tolist()],
        "greedy": written[0, len(tokens):].tolist(),
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    fast, texts, merges = tokenizer()
    net, config = model(len(texts), texts.index("<image>"))
    seen = Idefics3ImageProcessorPil(max_image_size={"longest_edge": TILE}, size={"longest_edge": LONGEST},
                                     image_mean=[0.5] * 3, image_std=[0.5] * 3)
    tokens_a_tile = (TILE // PATCH // SHUFFLE) ** 2
    processor = Idefics3Processor(seen, fast, image_seq_len=tokens_a_tile, chat_template=TEMPLATE)
    image = picture()
    (folder / "picture.rgb").write_bytes(image.tobytes())
    tiles, split = record(net, processor, image, LONGEST)
    whole_tile, whole = record(net, processor, image, TILE)
    (folder / "tiles.rgb").write_bytes(tiles.tobytes() + whole_tile.tobytes())
    write_text(folder / "model.gguf", net, config, texts, merges)
    write_vision(folder / "mmproj.gguf", net, config)
    told = {"width": WIDTH, "height": HEIGHT, "question": QUESTION, "cases": [split, whole]}
    (folder / "reference.json").write_text(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
