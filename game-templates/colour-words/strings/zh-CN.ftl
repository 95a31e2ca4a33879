title = 字的颜色
description = 看一个字，说出它是什么颜色，不管它写的是什么。

open = 接下来咱们看字、说颜色。
close-success = 您看得真仔细，做得很好。
close-warm = 谢谢您。这个挺费神的，您一直很用心。

try-out = 屏幕上会出现一个字。请您说出它是什么颜色，或者点一下那个颜色。字写的是什么，不用管。咱们先一起试试。
series-instruction = 现在开始，您慢慢看。

colour-ask = 这个字是什么颜色？
colour-hint = 您只看字的颜色，不用管它写的是什么。
colour-right = 对，这个字是{ $ink }的。
colour-show = 这个字是{ $ink }的。
colour-answer = 四种颜色里说一种就行。
ease = 慢慢来，咱们看的是字的颜色。

colour-red = 红
colour-green = 绿
colour-blue = 蓝
colour-black = 黑
neutral-1 = 桌
neutral-2 = 窗
neutral-3 = 信
neutral-4 = 椅
