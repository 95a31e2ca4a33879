title = Sums in the head
description = Small sums in your head, one step at a time and at your own pace.

open = Let us do a few sums in the head. There is no hurry.
close-success = That was good, careful thinking. Thank you.
close-warm = Thank you for thinking along with me.

try-out = Here is one to try first. It does not count.
shopping-instruction = Now a little shopping. I tell you the prices, and you do the sum.
subtract-instruction = Now we go down in steps. I begin, and each time you go on from your own number.

subtract-first = What is { $from } take away { $take }?
subtract-next = And take away { $take } again?
subtract-from = What is { $from } take away { $take }?
subtract-hint = Take away { $first } first, and then { $rest } more.
subtract-slowly = There is no hurry. You can count back from { $from }, one at a time.
subtract-tell = { $from } take away { $take } is { $result }.

goods-1 = bread
goods-2 = milk
goods-3 = tea
goods-4 = apples
goods-5 = soap
goods-6 = rice
goods-7 = a newspaper
goods-8 = flowers
shopping-item = { $goods } for { $price } pounds
shopping-total = You buy { $items }. How much is that together?
shopping-change = You buy { $items }. You pay with { $note } pounds. How much do you get back?
shopping-hint-total = Begin with the largest, { $largest }, and add the rest to it.
shopping-hint-change = Together it comes to { $total }. Count up from there to { $note }.
shopping-tell-total = Together it comes to { $result } pounds.
shopping-tell-change = It comes to { $total } pounds, so you get { $result } back.

sum-right-1 = Yes, that is it.
sum-right-2 = That is right.
sum-right-3 = Yes.
sum-thanks = Thank you. Let us go on.
sum-number = A number is all I need.
ease = Let us take it a little easier.
