"""Every photo by name: the scene that draws it, and how it is finished."""

from album import (
    scenes_en_days,
    scenes_en_home,
    scenes_en_out,
    scenes_en_street,
    scenes_zh_days,
    scenes_zh_home,
    scenes_zh_table,
    scenes_zh_town,
    scenes_zh_water,
)

OPTIONS = {
    "en-radio": {"turned": True},
    "en-wedding": {"tint_red": True, "border": True},
    "zh-factory": {"border": True},
    "zh-kite": {"border": True},
    "zh-library": {"turned": True},
    "zh-wedding": {"tint_red": True, "border": True},
}
PARTS = (
    scenes_en_days,
    scenes_en_home,
    scenes_en_out,
    scenes_en_street,
    scenes_zh_days,
    scenes_zh_home,
    scenes_zh_table,
    scenes_zh_town,
    scenes_zh_water,
)
ALBUM = {name: (scene, OPTIONS.get(name, {})) for part in PARTS for name, scene in part.SCENES.items()}
