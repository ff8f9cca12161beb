"""Every form of every suite that asks, and what draws it."""

from collections.abc import Callable
from pathlib import Path

from . import others, stills

Write = Callable[[Path], None]
FORMS: tuple[tuple[str, Write], ...] = (
    ("docvqa", stills.docvqa_table),
    ("docvqa", stills.docvqa_own),
    ("docvqa", stills.docvqa_shards),
    ("infovqa", stills.infovqa_own),
    ("chartqa", stills.chartqa_own),
    ("chartqa", stills.chartqa_shards),
    ("textvqa", stills.textvqa_own),
    ("ocrbench", stills.ocrbench_own),
    ("mtvqa", stills.mtvqa_table),
    ("mtvqa", stills.mtvqa_shards),
    ("ai2d", stills.ai2d_shards),
    ("mmbench", stills.mmbench_table),
    ("mmstar", stills.mmstar_table),
    ("mmstar", stills.mmstar_shards),
    ("realworldqa", stills.realworldqa_shards),
    ("mmmu", others.mmmu_table),
    ("mmmu", others.mmmu_shards),
    ("mathvista", others.mathvista_shards),
    ("mathvista", others.mathvista_table),
    ("mvbench", others.mvbench_own),
    ("perceptiontest", others.perceptiontest_own),
    ("perceptiontest", others.perceptiontest_shards),
    ("egoschema", others.egoschema_own),
    ("egoschema", others.egoschema_shards),
    ("videomme", others.videomme_shards),
    ("nextqa", others.nextqa_own),
    ("star", others.star_own),
    ("fncall", others.fncall_own),
    ("bfcl", others.bfcl_own),
)
