## The desk as a whole

tools = لمكتب العمل كلّه
panel-shift = المناوبة
panel-links = الروابط
panel-announce = إعلان
panel-report = تقرير
panel-scripts = طوارئ
panel-help = المفاتيح
panel-panic = محو كل شيء؟
panel-off_duty = تسليم جارٍ الآن
lock = قفل
panic = محو الكل
panic-hint = تنتهي كل الاستشارات فورًا. تُمحى الكلمات والمفاتيح من ذاكرة هذا الحاسوب، ولا يُفتح ملف تسجيلك بعدها أبدًا. يستطيع المنسّق أن يعطيك ملفًا جديدًا.
panic-confirm = امحُ كل شيء الآن
panic-cancel = متابعة العمل
panic-again = اضغط Alt + P مرة أخرى لمحو كل شيء.
off-duty-hint = إن أنهيت المناوبة الآن انقطع التسليم، ويبقى المستفيد مع من يحدّثه الآن.
off-duty-confirm = أنهِ المناوبة رغم ذلك
off-duty-cancel = ابقَ في المناوبة
network-off = لا اتصال بالشبكة على هذا الحاسوب. ما تكتبه باقٍ هنا، ويعود الاتصال تلقائيًا.
capacity = في وقت واحد:
capacity-full = { $count ->
    [zero] ليست لديك استشارات.
    [one] لديك استشارة واحدة، وهذا ما اخترته. لقبول المزيد اختر عددًا أكبر في الأعلى.
    [two] لديك استشارتان، وهذا ما اخترته. لقبول المزيد اختر عددًا أكبر في الأعلى.
    [few] لديك { $count } استشارات، وهذا ما اخترته. لقبول المزيد اختر عددًا أكبر في الأعلى.
   *[other] لديك { $count } استشارة، وهذا ما اخترته. لقبول المزيد اختر عددًا أكبر في الأعلى.
}

## Who comes, and how

channel-return = كان هنا من قبل
door = العنوان العام للخدمة
wish-me = يطلبك أنت
wish-colleague = يطلب زميلًا لك
refuse-offer = اتركه لغيرك

## In a consultation

more = المزيد…
muted = مكتوم: بلا صوت ولا علامات جديدة.
mute = كتم
mute-hint = إن استمرّت الإساءة: لا صوت ولا علامات من هنا.
safety-title = كلمات التحقّق
safety-about = إذا أمكن الحديث مع هذا الشخص بطريقة أخرى، وجهًا لوجه أو بالهاتف، فليقرأ كل منكما هذه الكلمات للآخر. كلماته تحت «الاتصال». إذا اختلفت الكلمات فهناك من يقف بينكما: أنهِ الاستشارة وأخبر المنسّق.
return-link-hint = أعطِ رابطًا يعود به المستفيد. يُفتح مرة واحدة ويصلح ثلاثة أيام على الأكثر. ولا شيء غيره يربط بين الزيارتين.
return-link-me = رابط للعودة إليّ
return-link-anybody = رابط لأي زميل
end-propose = اقترح على المستفيد
end-proposed = اقترحت الإنهاء. لم يجب المستفيد بعد.
end-and-refuse = إنهاء ورفض
end-and-refuse-hint = عند الإساءة فقط: الروابط التي أعطيتها في هذه الاستشارة لن تسمح لهذا الشخص بالدخول مجددًا.
hand-over-again = هناك الآن من هو في المناوبة. اضغط «تسليم…» مرة أخرى.
said-return_link = أعطيت رابطًا للعودة.
said-end_proposed = اقترحت الإنهاء.
said-end_declined = يريد المستفيد أن يتابع.
looks-phone = يشبه رقم هاتف. لا تنسخه إلى أي مكان.
looks-address = يشبه عنوانًا أو اسم مستخدم. لا تنسخه إلى أي مكان.
looks-link = يشبه رابطًا. لا تفتحه على هذا الحاسوب.

## Replies, cards, emergency

replies = الردود
cards = البطاقات
script = طوارئ
picker-replies = ردود توضع في الحقل
picker-cards = بطاقات تُرسل إلى المستفيد
picker-replies-search = ابحث عن ردّ لوضعه في الحقل
picker-cards-search = ابحث عن بطاقة لإرسالها
picker-none = لا شيء يوافق هذه الكلمات.
picker-no-pack = نصوص الخدمة غير متوفرة.
preview = هكذا سيقرؤها المستفيد
preview-other-language = ليست بلغة المستفيد: { $language }.
card-checklist = قائمة تحقّق
card-leaflet = نشرة
card-referral = إحالة
scripts = خطوات الطوارئ
script-steps = الخطوات
scripts-none = لا توجد خطوات طوارئ في نصوص الخدمة.

## After a consultation

coding = عمّ كانت الاستشارة
coding-hint = اضغط ما يناسب واترك الباقي. لا تبقى إلا الأرقام.
coding-done = تم: احسب وامحُ
coding-skip = محو بلا إجابات
coding-full = ثلاثة على الأكثر.

## The shift

shift-who = في المناوبة الآن
shift-totals = ما حُسب حتى الآن
totals-none = لم يُحسب شيء بعد.
totals-shift = في هذه المناوبة
totals-consultations = استشارات
totals-hand_overs = تسليمات
report = للتقرير، بعدد الاستشارات
report-handed_in = سُلّم
report-going = في الطريق
report-waiting = حتى تبلغ خمسًا
totals-hint = يصل إلى التقرير مجموع خمس استشارات على الأقل. وما قلّ عنها يبقى مشفّرًا في هذا الحاسوب حتى مناوبتك القادمة.
shift-desk = هذا المكتب
sound-on = الصوت مفعّل
sound-off = الصوت متوقف
sound-hint = نغمتان هادئتان: شخص ينتظر، أو شخص كتب.
lock-after = القفل بعد ترك المكتب:
lock-minutes = { $count ->
    [one] دقيقة
    [two] دقيقتين
    [few] { $count } دقائق
   *[other] { $count } دقيقة
}
shift-pack = نصوص الخدمة
pack-none = لا توجد.
pack-version = الإصدار { $version }.
pack-reviewed = راجعها { $by }، { $on }.
pack-unreviewed = لم يراجعها أحد بعد.
pack-starter = الردود والبطاقات أمثلة من البرنامج. اطلب من طبيب الخدمة مراجعتها قبل أن تعتمد عليها.
pack-unreviewed-notice = لم يراجع أحد الردود والبطاقات بعد. اطلب من طبيب الخدمة مراجعتها قبل أن تعتمد عليها.
pack-problem = تعذّرت قراءة نصوص الخدمة، لذلك بقيت النصوص السابقة:
pack-reload = اقرأها من جديد

## Links

links-hint = كل رابط يفتح استشارة واحدة، مرة واحدة. أعطِ كل رابط لشخص واحد فقط.
links-count = كم رابطًا
links-channel = أين ستُوزَّع
links-channel-none = غير مذكور
links-hours = تصلح لمدة
hours = { $count ->
    [one] ساعة
    [two] ساعتين
    [few] { $count } ساعات
   *[other] { $count } ساعة
}
links-make = أنشئ الروابط
links-made = { $count ->
    [zero] لا روابط.
    [one] رابط واحد جاهز.
    [two] رابطان جاهزان.
    [few] { $count } روابط جاهزة.
   *[other] { $count } رابطًا جاهزًا.
}
links-once = يُفتح مرة واحدة، حتى { $until }.
links-qr = رمز QR للرابط
links-copy = نسخ
links-copied = تم النسخ
links-print = طباعة

## Announcements

announce-hint = يقرأ هذا كل الزملاء في المناوبة ومن يأتي لاحقًا ما دمت في المناوبة. لا مكان هنا لأي شيء عن مستفيد.
announce-text = نص الإعلان
announce = أخبر كل الزملاء
announcement-own = إعلانك
announcement-withdraw = سحب

## Lock

locked = مكتب العمل مقفل
locked-hint = تستمر استشاراتك في الخلفية. أدخل عبارة المرور لملف تسجيلك.
passphrase = عبارة المرور
passphrase-wrong = عبارة المرور هذه لا تفتح الملف.
passphrase-wait = { $count ->
    [zero] حاول الآن.
    [one] حاول بعد ثانية.
    [two] حاول بعد ثانيتين.
    [few] حاول بعد { $count } ثوانٍ.
   *[other] حاول بعد { $count } ثانية.
}
passphrase-checking = جارٍ الفتح…
unlock = فتح القفل

## Keys

key-enter = إرسال
key-line = سطر جديد
key-consultation = الاستشارة بهذا الرقم
key-accept_first = قبول من ينتظر منذ أطول وقت
key-waiting = قائمة الانتظار
key-next_unread = التالي غير المقروء
key-write = الكتابة إلى المستفيد
key-replies = الردود
key-cards = البطاقات
key-script = خطوات الطوارئ
key-more = المزيد: رابط للعودة، كتم
key-whispers = الزملاء
key-hand_over = تسليم
key-end = إنهاء
key-shift = المناوبة
key-help = هذه الصفحة
key-lock = قفل المكتب
key-slash = الردود، في بداية حقل فارغ
key-escape = إغلاق المفتوح
key-panic = مرتين خلال ثانيتين: محو كل شيء
keys-layout = المقصود موضع المفتاح، فهي تعمل مع كل تخطيطات لوحة المفاتيح.

## More from the console

notice-at_capacity = لديك من الاستشارات ما اخترته. لقبول المزيد اختر عددًا أكبر أو أنهِ واحدة.
notice-pack_reloaded = قُرئت نصوص الخدمة من جديد.
notice-return_link_limit = أعطيت ثلاثة روابط في هذه الاستشارة. لا يمكن إعطاء المزيد.
notice-network_gone = انقطعت الشبكة. يعود الاتصال تلقائيًا، وما تكتبه ينتظر.
notice-no_shift = لا مفاتيح لليوم في ملف تسجيلك، لذلك لا يمكن إنشاء روابط. راجع المنسّق.

## A report, for coordinators

report-hint = اختر الوقت. في التقرير مجاميع الخدمة لكل الأسابيع أو الأشهر التي تبدأ فيه: جداول ورسوم وتقرير العامل للطباعة.
report-from = من
report-to = إلى
report-make = إعداد التقرير
report-asking = نسأل الخادم…
report-made = التقرير جاهز. يُفتح مرة واحدة في علامة تبويب جديدة: اطبعه هناك أو احفظه بصيغة PDF.
report-open = فتح التقرير
notice-report_no_periods = لا توجد مجاميع لأسابيع أو أشهر بدأت في هذا الوقت. تُنشر خلال نصف يوم بعد نهايتها. إن كان يجب أن تكون موجودة فاسأل من يدير الخادم هل يعدّ.
notice-report_unreachable = الخادم لا يجيب، لذلك لا يوجد تقرير. تحقق من اتصال هذا الحاسوب وحاول مرة أخرى.
notice-report_refused = لم يقبل الخادم ملفك، لذلك لا يوجد تقرير. تحقق من التاريخ والوقت في هذا الحاسوب ومن أن ملفك ما زال ساريًا.
notice-report_not_counted = الخادم لا يعدّ. اسأل من يديره: قد يحتاج إلى أحدث نسخة.

## Files from the client

file-offered = { $sort ->
    [photograph] يريد المستفيد أن يرسل صورة فوتوغرافية، { $size }.
    [picture] يريد المستفيد أن يرسل صورة، { $size }.
    [voice] يريد المستفيد أن يرسل رسالة صوتية، { $size }.
   *[document] يريد المستفيد أن يرسل مستندًا (PDF)، { $size }.
}
file-coming = { $sort ->
    [photograph] الصورة الفوتوغرافية في الطريق: { $percent } من { $size }.
    [picture] الصورة في الطريق: { $percent } من { $size }.
    [voice] الرسالة الصوتية في الطريق: { $percent } من { $size }.
   *[document] المستند في الطريق: { $percent } من { $size }.
}
file-here = { $sort ->
    [photograph] صورة فوتوغرافية، { $size }. لا يظهر منها شيء حتى تنظر إليها.
    [picture] صورة، { $size }. لا يظهر منها شيء حتى تنظر إليها.
    [voice] رسالة صوتية، { $size }. لا يُسمع منها شيء حتى تستمع إليها.
   *[document] مستند (PDF)، { $size }. لا يظهر منه شيء حتى تنظر إليه.
}
file-refused = { $sort ->
    [photograph] لم تقبل الصورة الفوتوغرافية.
    [picture] لم تقبل الصورة.
    [voice] لم تقبل الرسالة الصوتية.
   *[document] لم تقبل المستند.
}
file-withdrawn = { $sort ->
    [photograph] لم تصل الصورة الفوتوغرافية.
    [picture] لم تصل الصورة.
    [voice] لم تصل الرسالة الصوتية.
   *[document] لم يصل المستند.
}
file-gone = { $sort ->
    [photograph] لم تعد الصورة الفوتوغرافية هنا: احتاجت ملفات أحدث إلى مكانها في الذاكرة.
    [picture] لم تعد الصورة هنا: احتاجت ملفات أحدث إلى مكانها في الذاكرة.
    [voice] لم تعد الرسالة الصوتية هنا: احتاجت ملفات أحدث إلى مكانها في الذاكرة.
   *[document] لم يعد المستند هنا: احتاجت ملفات أحدث إلى مكانه في الذاكرة.
}
file-accept = ليُرسِل
file-refuse = لا، شكرًا
file-stop = إيقاف
file-look = انظر
file-listen = استماع
file-sound = رسالة صوتية من المستفيد، { $size }
file-opening = جارٍ الفتح…
file-show = عرض
pictures = { $sort ->
    [photograph] صورة فوتوغرافية من المستفيد
    [picture] صورة من المستفيد
   *[document] مستند من المستفيد
}
pictures-hint = اضغط على الصورة لتراها بحجمها الكامل. لا يبقى منها شيء هنا بعد الإغلاق.
pictures-some = { $shown ->
    [zero] لا تظهر أي صفحة من أصل { $pages }.
    [one] تظهر الصفحة الأولى من أصل { $pages }.
    [two] تظهر الصفحتان الأوليان من أصل { $pages }.
    [few] تظهر أول { $shown } صفحات من أصل { $pages }.
   *[other] تظهر أول { $shown } صفحة من أصل { $pages }.
}
picture-page = الصفحة { $page } من { $pages }
picture-alt = { $sort ->
    [photograph] صورة فوتوغرافية أرسلها المستفيد
    [picture] صورة أرسلها المستفيد
   *[document] الصفحة { $page } من المستند الذي أرسله المستفيد
}
picture-own-size = الحجم الكامل
picture-failed = تعذّر التحميل. أغلق هذا وانظر من جديد.
notice-file_not_shown = لا يمكن عرض هذا الملف: إنه تالف أو غير آمن. يمكن للمستفيد أن يخبرك بما فيه.
notice-no_viewer = لا يستطيع هذا الحاسوب فتح الملفات بأمان، لذلك لا يُعرض أي منها. أخبر المنسّق.
