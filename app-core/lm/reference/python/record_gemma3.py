#!/usr/bin/env python3
"""Makes a tiny Gemma 3 text model with seeded random weights and records what transformers and sentencepiece make of it.

usage: record_gemma3.py FOLDER

Writes into FOLDER (app-core/lm/tests/reference/gemma3): model.gguf, named and shaped as llama.cpp's converter names and shapes
it, with a vocabulary that sentencepiece learnt from the lines below; and reference.json with each line's tokens, and the
logits after a text that is longer than the sliding window.

Needs torch, transformers, sentencepiece, gguf and numpy in a virtual environment."""

import io
import json
import pathlib
import sys

import gguf
import sentencepiece
import torch
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

SEED = 3
VOCABULARY = 420
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else "
    "message['role']) + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
# Our own lines: what the vocabulary is learnt from, and what is tokenised.
LINES = [
    "We drank tea in the garden, and then in the kitchen.",
    "Who mended the garden gate last spring? The gate in the garden.",
    "My sister lives above the bakery, and the bakery is in the town.",
    "我们在院子里喝茶，后来在厨房里喝茶。",
    "去年春天谁来修的院门？院子里的门。",
    "妹妹住在面包店楼上，面包店在镇上。",
    "The bus was late; the bus is always late in the rain.",
    "下雨天公共汽车总是晚点。",
]
UNSEEN = [
    "  two   spaces\tand a tab\nand a new line\n\nand two ",
    "naïve café, “quoted”, №5 ½",
    "今天😀很高兴，跟Anna一起去了IKEA买椅子。",
    "臺灣的親戚寄來一張照片",
    "<b>bold</b> <unused7> a▁b",
    "好",
    "",
    " ",
    "gardengardengarden",
]


def vocabulary():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES), model_writer=model, model_type="bpe", vocab_size=VOCABULARY, byte_fallback=True,
        pad_id=0, eos_id=1, bos_id=2, unk_id=3, add_dummy_prefix=False, remove_extra_whitespaces=False,
        normalization_rule_name="identity", character_coverage=1.0, split_digits=True, minloglevel=2,
        control_symbols=["<start_of_turn>", "<end_of_turn>"],
        user_defined_symbols=["\n\n", "▁▁", "▁▁▁", "<b>", "</b>", "<unused7>"],
    )
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def kind(words, i):
    kinds = gguf.TokenType
    if words.IsControl(i):
        return kinds.CONTROL
    if words.IsUnknown(i):
        return kinds.UNKNOWN
    if words.IsByte(i):
        return kinds.BYTE
    # sentencepiece does not tell which are the user's; ours are known.
    return kinds.USER_DEFINED if words.GetScore(i) == 0 and i > 3 and i < 12 else kinds.NORMAL


def network(vocabulary_size):
    config = Gemma3TextConfig(
        vocab_size=vocabulary_size, hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=2,
        num_key_value_heads=1, head_dim=16, query_pre_attn_scalar=16, rms_norm_eps=1e-6, sliding_window=8,
        max_position_embeddings=256, layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        tie_word_embeddings=True, attn_implementation="eager",
        rope_parameters={
            "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1000000.0},
            "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0},
        },
    )
    torch.manual_seed(SEED)
    net = Gemma3ForCausalLM(config).eval()
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, weight in sorted(net.named_parameters()):
            noise = torch.randn(weight.shape, generator=generator)
            # Norms are kept as what is added to one.
            weight.copy_(0.3 * noise if "norm" in name or "embed" in name else noise * (1.5 / weight.shape[-1] ** 0.5))
    return net, config


def write(path, net, config, words):
    out = gguf.GGUFWriter(str(path), "gemma3")
    out.add_name("tiny random Gemma 3")
    out.add_block_count(config.num_hidden_layers)
    out.add_context_length(config.max_position_embeddings)
    out.add_embedding_length(config.hidden_size)
    out.add_feed_forward_length(config.intermediate_size)
    out.add_head_count(config.num_attention_heads)
    out.add_head_count_kv(config.num_key_value_heads)
    out.add_key_length(config.head_dim)
    out.add_value_length(config.head_dim)
    out.add_layer_norm_rms_eps(config.rms_norm_eps)
    out.add_rope_freq_base(1000000.0)
    out.add_rope_freq_base_swa(10000.0)
    out.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
    out.add_rope_scaling_factor(8.0)
    out.add_sliding_window(config.sliding_window)
    out.add_sliding_window_pattern(2)
    out.add_tokenizer_model("llama")
    out.add_tokenizer_pre("default")
    kinds = [kind(words, i) for i in range(words.vocab_size())]
    pieces = [words.IdToPiece(i) for i in range(words.vocab_size())]
    # The converter writes the user's own symbols with spaces as spaces.
    pieces = [p.replace("▁", " ") if k == gguf.TokenType.USER_DEFINED else p for p, k in zip(pieces, kinds)]
    out.add_token_list(pieces)
    out.add_token_scores([words.GetScore(i) for i in range(words.vocab_size())])
    out.add_token_types(kinds)
    out.add_bos_token_id(words.bos_id())
    out.add_eos_token_id(words.eos_id())
    out.add_unk_token_id(words.unk_id())
    out.add_add_bos_token(True)
    out.add_add_space_prefix(False)
    out.add_chat_template(TEMPLATE)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.GEMMA3, config.num_hidden_layers)
    for name, weight in net.state_dict().items():
        if name == "lm_head.weight":
            continue
        data = weight.float() + (1.0 if name.endswith("norm.weight") else 0.0)
        out.add_tensor(names.get_name(name, try_suffixes=(".weight",)), data.numpy())
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def main():
    folder = pathlib.Path(sys.argv[1])
    words = vocabulary()
    net, config = network(words.vocab_size())
    lines = [{"text": line, "tokens": words.EncodeAsIds(line)} for line in LINES + UNSEEN]
    read = [words.bos_id()] + words.EncodeAsIds(LINES[0] + " " + LINES[3])
    with torch.no_grad():
        logits = net(input_ids=torch.tensor([read])).logits[0, -1]
        written = net.generate(torch.tensor([read]), max_new_tokens=8, do_sample=False, eos_token_id=None)
    write(folder / "model.gguf", net, config, words)
    told = {
        "lines": lines,
        "read": read,
        "logits": [float(f"{v:.7g}") for v in logits.tolist()],
        "greedy": written[0, len(read):].tolist(),
    }
    (folder / "reference.json").write_text(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
