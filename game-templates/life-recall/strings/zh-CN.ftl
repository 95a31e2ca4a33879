title = 我的往事
description = 聊一聊您自己的往事，想不起来的地方，我慢慢提醒您。

open = 今天想听您讲讲自己的事。
no-memory = 今天还没有可以聊的往事，咱们先做点别的。
close-success = 今天您想起了不少事。谢谢您讲给我听。
close-warm = 谢谢您陪我聊天，跟您聊聊真好。

# 练习
example-instruction = 咱们先试一小段，看看是怎么回事。我先讲个小故事，再问您一个问题。
example-story = { $story }
example-done = 就是这样，很简单。现在来聊聊您自己的事。

# 自由回忆
think-back-when = 请您回想一下{ $when }。您还记得些什么？
think-back-place = 请您想想这个地方：{ $place }。您跟我说过那儿的一件事，您还记得些什么？
think-back-people = 您跟我说过一件事，里面有{ $people }。您还记得些什么？
think-back = 您前些天跟我说过一件事。您还记得些什么？
anything-else = 您还想起别的了吗？
go-on = 好，您慢慢说，我听着呢。
thanks = 谢谢您告诉我。
come-back = 谢谢您告诉我这些。咱们再回到刚才那件事。
leave-memory = 好的，这件事咱们先不说了。

# 说对的
confirm-1 = 对，是{ $answer }。
confirm-2 = 没错，就是{ $answer }。
confirm-3 = 嗯，是{ $answer }。
confirm-several = 对，{ $answer }，都说对了。
confirm-plain = 对，您说得对。
part-named = 对，有{ $answer }。
part = 嗯，这一部分说对了。
more-of-it = 还有呢？{ $question }

# 提问和提示
questions = 那我来问您几个小问题。
question = { $question }
leave-question = 好的，这个咱们不问了。
forgot-1 = 没关系，慢慢来。
forgot-2 = 不要紧，咱们有的是时间。
forgot-3 = 不着急，我陪您一起想。
not-quite-1 = 谢谢您。我来提醒您一点儿。
not-quite-2 = 好，我再给您提一点儿。
cue-when = 那是{ $when }的事。{ $question }
cue-people = 您想想{ $people }。{ $question }
cue-when-people = 那是{ $when }的事，您再想想{ $people }。{ $question }
cue-place = 您想想这个地方：{ $place }。{ $question }
cue-meaning = 给您提个醒：{ $hint }。{ $question }
cue-first = 头一个字是“{ $start }”。{ $question }
cue-blurred = 您看看照片的一角。{ $question }
cue-choice = 是下面这几个里的一个。{ $question }
cue-photo = 您再看看整张照片。{ $question }

# 告诉并跟说
tell = 我来告诉您：{ $answer }。您跟我说一遍，好吗？
repeated = 对，{ $answer }。谢谢您。
repeated-not = 没关系，我替您记着。
once-more = 咱们再回头想一件事。
muse = 那时候您心里是什么感觉？
muse-thanks = 谢谢您跟我说这些。

# 收尾
picture = 您看，就是这张照片。
recap = 您跟我讲了这些：{ $list }。真好。
recap-told = 现在咱们又都记得了：{ $list }。
