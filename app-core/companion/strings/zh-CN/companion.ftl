# 给人看的话。每一句：出了什么事、留住了什么、怎么办。

## 带字段的问题
invalid = “{ $field }”{ $problem }。没有改动任何内容。
problem-length = 要有 1 到 { $most } 个字
problem-too-many = 最多 { $most } 个
problem-zone = 写的是“{ $zone }”，这不是时区；请写 Asia/Shanghai 或 Europe/London 这样的名称
problem-choice = 只能是 { $allowed } 之一
problem-range = 要在 { $low } 到 { $high } 之间
problem-time = 读不出时间；请写 YYYY、YYYY-MM、YYYY-MM-DD 或 YYYY-MM-DDThh:mm，例如 2024-05-02
problem-after-today = 在今天（{ $today }）之后；请写事情发生的那一天
problem-id = 不是忆我给出的编号；请重新打开页面
problem-no-photo = 里的照片不在这里；请先添加照片
problem-fact-kind = 第 { $number } 条的类别不认识；请选 person、place、time、food、activity、number、animal 或 thing
problem-fact-question = 第 { $number } 条需要一个 1 到 200 字的问题
problem-fact-answer = 第 { $number } 条需要一个 1 到 120 字的答案，其他说法也不超过这个长度
problem-fact-holds-answer = 第 { $number } 条的问题里已经有答案；请换个问法，这样才有可回想的
problem-not-the-name = 和姓名不一样；请照着显示的写
problem-key-missing = 不在 { $place } 里，这些回忆打不开；请放回去。回忆原样没动
problem-no-game = 里没有一个开着的游戏；请至少打开一个
problem-unknown-game = 里的“{ $game }”不是这个版本的游戏；请重新打开页面
problem-levels = 里 { $game } 的等级要在 1 到 { $levels } 之间，最低不能高于最高
problem-turn = 和训练现在的位置对不上；请重新打开页面，从那里接着来
problem-not-shown = 不在屏幕上的回答里；请从中选一个
problem-no-consent = 需要先征得同意：没有本人同意，不保存任何长相信息

## 对不上的情况
conflict-same-name = 人物里已经有同名的人，回忆是按名字记人的。没有改动任何内容。请打开那个人来修改，或者加一个字区分两人。
conflict-in-bin = 这条回忆在回收站里。没有改动任何内容。请先把它取出来。
conflict-plan-changed = 计划刚才已经被改过。这次没有改动。请重新打开页面，先看看新的计划。
conflict-name-the-group = 一组人脸不能直接接受。什么都没有改动。请说出这是谁，或者忽略它。
conflict-forgotten = 这些人脸在忽略时已经忘掉了。什么都没有改动。请重新看一遍照片。
conflict-two-people = 这些人脸分别属于两个人。什么都没有改动。请先忘掉其中一人的脸。
seeing-missing-faces = 这台设备还不能在照片里认人，其他功能照常。要装上，请输入：reme model pull seeing。
seeing-missing-text = 这台设备还不能读出照片里的文字，其他功能照常。要装上，请输入：reme model pull seeing。
seeing-missing-things = 这台设备还不能说出照片里的东西，其他功能照常。要装上，请输入：reme model pull seeing。
no-patient = 这台设备上没有这个人。没有改动任何内容。请回到人员列表。

## 现在不能开始训练时，给本人看的话
blocked-cap = 您今天已经做了{ $minutes }分钟，足够了。好好歇歇，咱们明天接着来。
blocked-not-yet = 咱们从{ $day }开始，在那之前您歇着就好。
blocked-over = 这份计划到{ $day }就做完了，您该做的都做了。请帮您照看计划的人再定一份新的。
blocked-nothing-ready = 现在还没有可以玩的。请帮您照看计划的人选上一个。

## 存储
store-in-use = 另一个忆我正开着这些回忆，也许是终端里的命令。没有改动任何内容。请关掉它再试。
store-exists = { $path } 里已经有别人的回忆。没有改动任何内容。请换一个名字。
store-missing = { $path } 里还没有回忆。没有改动任何内容。请回到人员列表。
store-wrong-key = 这把钥匙打不开 { $path }。没有改动任何内容。请放回当初的钥匙文件或钥匙串条目。
store-damaged = { $path } 损坏了。没有覆盖任何内容。请留一份副本，再导入上一次的导出。
store-newer = 这些回忆是更新版本的忆我写的。没有改动任何内容。请更新忆我再试。
store-disk-full = 磁盘满了。最后这次改动没有存下，之前的都在。请腾出一些空间再做一次。
store-read-only = { $path } 不能写入。没有改动任何内容。请检查权限，或者换一个文件夹启动忆我。
store-too-large = “{ $field }”有 { $size } 字节，一份最多存 { $limit } 字节。没有改动任何内容。请缩短，或者分成两份。
store-damaged-media = 这张照片损坏了，或者被外面改动过。其他的都没动。请从原来的地方重新添加。
store-key-file = { $path } 对应的钥匙不能用：文件里没有钥匙，或者别人也能读，或者它指向的钥匙串不给。没有改动任何内容。请放回正确的文件并且只让本人可读，或者解锁钥匙串，再试一次。
store-io = { $path } 用不了：{ $reason }。没有改动任何内容。请检查这个文件夹再试。
store-database = 数据库没有接受这次改动。这次没有存下，之前的都在。请再试一次；如果还是这样，请重新启动忆我。
store-already-resolved = 这条建议已经有人接受或忽略了。什么都没有改动。请先撤销那一步。
not-found-memory = 没有这条回忆，可能已经彻底删除了。没有改动任何内容。请重新打开列表。
not-found-person = 没有这个人，可能已经移除了。没有改动任何内容。请重新打开列表。
not-found-session = 没有这次训练。没有改动任何内容。请重新打开页面。
not-found-suggestion = 这条建议已经不在了。什么都没有改动。请重新打开页面。
not-found-face = 这张脸或这组人脸已经不在了。什么都没有改动。请重新打开页面。
not-found-photo = 没有这张照片，可能已经彻底删除了。没有改动任何内容。请重新打开页面。

## 文字
text-empty = “text”是空的。没有保存任何内容。请写一句发生了什么，或者添加一张照片。
text-too-long = “text”有 { $chars } 个字，超过一条回忆的 { $most } 字。没有保存任何内容。请分成几条回忆。

## 照片
photo-empty = “file”：照片是空的（0 字节）。没有保存任何内容。请重新复制照片再选一次。
photo-unsupported = “file”：这是 { $found } 文件，读不了。没有保存任何内容。请存成 JPEG、PNG 或 WebP 再选。
photo-unknown = “file”：认不出这是照片。没有保存任何内容。请选 JPEG、PNG 或 WebP 照片。
photo-too-large = “file”：{ $width } × { $height } 像素，超过一亿的上限。没有保存任何内容。请存一张小一点的再选。
photo-damaged = “file”：这张 { $found } 照片损坏了或者不完整。没有保存任何内容。请从手机或相机重新复制。
photo-encode = “file”：没能做出小一点的副本。没有保存任何内容。请再试一次，或者存成 JPEG。
photo-date-unreadable = 照片上的日期（{ $date }）读不出来，没有采用。请自己填写日期。
photo-date-no-such-day = 照片上的日期（{ $date }）日历上没有，没有采用。请自己填写日期。
photo-date-future = 照片上的日期（{ $date }）在将来，没有采用。请自己填写日期。
photo-date-too-old = 照片上的日期（{ $date }）比照相术还早，没有采用。请自己填写日期。
photo-position = 照片上的位置不在地球上，没有采用。请自己填写地点。

## 感知到的
sensed-minutes = { $minutes }分钟
sensed-hours = 约{ $hours }小时
sensed-walking = 步行{ $time }
sensed-running = 跑步{ $time }
sensed-cycling = 骑车{ $time }
sensed-vehicle = 乘车{ $time }
sensed-exercise = 锻炼{ $time }
sensed-from-to = 从{ $from }到{ $to }{ $what }
sensed-from = 从{ $from }出发{ $what }
sensed-to = { $what }到{ $to }
sensed-around = 从{ $place }出发{ $what }后回来
sensed-home = 家
sensed-stay = 在{ $place }待了{ $time }
sensed-stay-somewhere = 在一个地方待了{ $time }
sensed-then = { $before }，然后{ $next }
sensed-stop = { $text }。
sensed-calendar = 日历上写着：{ $title }。
sensed-photos = 当时的照片：{ $count }张。
sensed-unknown-file = { $file }不是这里能读的文件，没有保存任何内容。请选择苹果健康的 export.xml、谷歌 Takeout 的文件、GPX 文件、日历（.ics）或 Open mHealth 记录。
sensed-archive = { $file }是压缩包，没有保存任何内容。请解压后选择里面的文件。
sensed-broken-off = { $file }读到第{ $line }行就读不下去了，前面的内容已经用上。请检查磁盘，再选一次这个文件。
sensed-nothing-in-time = { $file }里没有所看日期内的内容，没有保存任何内容。请多看几天。
sensed-too-many = 内容太多，一次看不完，有{ $count }条记录没有用上。请少看几天。
sensed-left-out = { $file }第{ $line }行，{ $field }：{ $fault }。这条记录没有用上。
sensed-rest-kept = { $file }第{ $line }行，{ $field }：{ $fault }。这条记录的其余部分已经用上。
sensed-not-json = 这不是 JSON
sensed-not-xml = 这不是完好的 XML
sensed-not-utf8 = 这不是 UTF-8 文本
sensed-too-long = 比任何记录都长
sensed-missing = 缺少这一项
sensed-not-a-time = 这不是时间
sensed-not-a-span = 结束早于开始，或持续太久
sensed-not-a-number = 这不是数字
sensed-out-of-range = 没有人或地方会有这样的数值
sensed-unknown-unit = 不认识这个单位
sensed-unknown-kind = 不认识这种内容
sensed-unknown-rule = 不支持这种重复规则，只取了第一次
sensed-unknown-zone = 不认识这个时区，按您所在的时区读取
sensed-cut-off = 文件中途断了
