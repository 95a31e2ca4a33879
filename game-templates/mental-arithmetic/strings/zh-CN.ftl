title = 心算
description = 在心里算几道小题，一步一步来，不赶时间。

open = 咱们来做几道心算，不着急。
close-success = 您算得真用心，谢谢您。
close-warm = 谢谢您陪我一起算。

try-out = 先试一道，不算数的。
shopping-instruction = 咱们来买点东西。我报价钱，您来算账。
subtract-instruction = 接下来一步一步往下减。我起个头，您接着自己说的数往下算。

subtract-first = { $from }减{ $take }，等于多少？
subtract-next = 再减{ $take }呢？
subtract-from = { $from }减{ $take }，等于多少？
subtract-hint = 先减{ $first }，再减{ $rest }。
subtract-slowly = 不着急，您可以从{ $from }往回一个一个数。
subtract-tell = { $from }减{ $take }，等于{ $result }。

goods-1 = 面包
goods-2 = 牛奶
goods-3 = 茶叶
goods-4 = 苹果
goods-5 = 肥皂
goods-6 = 大米
goods-7 = 报纸
goods-8 = 鲜花
shopping-item = { $goods }{ $price }元
shopping-total = 您买了{ $items }。一共多少钱？
shopping-change = 您买了{ $items }，付了{ $note }元。该找您多少钱？
shopping-hint-total = 先拿最大的{ $largest }，再把别的加上去。
shopping-hint-change = 一共是{ $total }元。您从{ $total }往上数到{ $note }。
shopping-tell-total = 一共是{ $result }元。
shopping-tell-change = 一共是{ $total }元，找您{ $result }元。

sum-right-1 = 对，就是这个数。
sum-right-2 = 没错。
sum-right-3 = 嗯，对了。
sum-thanks = 好，咱们接着算。
sum-number = 您说个数就行。
ease = 咱们来道轻松一点的。
