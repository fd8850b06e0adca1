"""Prose for big desks: half English, half Chinese, as unevenly spread as in any language; always the same."""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import Final

__all__ = ["LEGACY", "texts"]

LEGACY: Final = "lotus"
"""Stands in the oldest tickets alone, a twentieth of all."""

_ENGLISH: Final = (
    "the to and a of in is not will it for on my with i you please have be can we this that at after from "
    "when are cannot no error user but password login account email outlook printer network vpn laptop "
    "computer server file access open work screen need help new install software update program system "
    "windows office phone connection slow reset team change message try since today yesterday morning "
    "restart website page customer order invoice payment delivery contract report data backup drive folder "
    "shared link video meeting microphone headset monitor keyboard mouse battery charger dock wifi guest "
    "badge door license expired renewed request approve manager department finance sales warehouse"
)
_CHINESE: Final = (
    "的 我 了 不 在 是 有 无法 请 一个 电脑 密码 登录 打印机 网络 系统 邮箱 账号 "
    "打开 连接 问题 今天 昨天 公司 客户 订单 发票 合同 重启 软件 安装 更新 错误 提示 "
    "帮忙 处理 谢谢 需要 申请 权限 共享 文件 服务器 会议 视频 屏幕 键盘 鼠标 电池 "
    "显示器 办公室 仓库 财务 销售 部门 经理 审批 过期 续期 忘记 重置 手机 短信 验证码 "
    "打印 扫描 驱动 蓝屏 死机 很慢 断开 无线 有线 端口 备份 恢复 数据 报表 导出 导入 "
    "失败 成功 一直 突然 早上 下午"
)


def texts(size: int) -> Iterator[tuple[str, str, str]]:
    """Normalised words of `size` tickets, oldest last: subject, public (with the subject) and internal."""
    draw = random.Random(20260302)
    tongues = [_tongue(_ENGLISH, _coined(draw)), _tongue(_CHINESE, _characters())]
    for number in range(1, size + 1):
        words, weights = tongues[number // 3 % 2]
        drawn = draw.choices(words, cum_weights=weights, k=draw.randint(40, 160))
        subject = f" {' '.join(drawn[:5])} "
        mark = f" {LEGACY}" if number > size * 0.95 else ""
        half = len(drawn) // 2
        public = f"{subject} {' '.join(drawn[5:half])} {number}{mark} "
        note = f" {' '.join(drawn[half:])} "
        yield (subject, public, note) if number % 3 == 0 else (subject, f"{public}{note}", "")


def _tongue(common: str, rare: Sequence[str]) -> tuple[list[str], list[float]]:
    """Words and how often they come: the n-th with a chance like 1 / n."""
    spaced = [" ".join(word) if not word.isascii() else word for word in chain(common.split(), rare)]
    return spaced, list(accumulate(1 / (place + 5) for place in range(len(spaced))))


def _coined(draw: random.Random) -> list[str]:
    syllables = [first + vowel + last for first in "bcdfglmprstv" for vowel in "aeiou" for last in "nrst"]
    return ["".join(draw.choices(syllables, k=draw.randint(2, 4))) for _ in range(40_000)]


def _characters() -> list[str]:
    return [chr(code) for code in range(0x4E00, 0x4E00 + 6000, 2)]
