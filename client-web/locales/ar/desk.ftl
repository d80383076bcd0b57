title = مكتب العمل
language-choice = لغة هذه الصفحة

## Who the worker is

role-outreach = عامل توعية ميداني
role-peer = مرشد نظير
role-doctor = طبيب
role-psychologist = أخصائي نفسي
role-lawyer = محامٍ
role-coordinator = منسّق
shift-until = المناوبة حتى { $time }
shift-until-day = المناوبة حتى { $day }، { $time }
shift-over = انتهت المناوبة

## Duty

duty-go-on = ابدأ المناوبة
duty-go-off = أنهِ المناوبة
duty-off = لست في المناوبة.
duty-off-hint = لا تصل إليك طلبات جديدة.
duty-connecting = جارٍ الاتصال…
duty-connecting-hint = قد يستغرق ذلك دقيقة عبر Tor.
duty-on = أنت في المناوبة.
duty-on-hint = الطلبات الجديدة تصل إليك.
duty-unreachable = الخادم لا يجيب.
duty-unreachable-hint = نعيد المحاولة تلقائيًا. تحقّق من اتصال هذا الحاسوب.
duty-refused = تعذّر بدء المناوبة.
duty-refused-hint = حاول مرة أخرى أو اسأل المنسّق.

refused-certificate_refused = لم يقبل الخادم شهادة مناوبتك. اطلب من المنسّق ملف تسجيل جديدًا.
refused-certificate_expired = بحسب ساعة الخادم، انتهت مناوبتك أو لم تبدأ بعد. تحقّق من التاريخ والوقت في هذا الحاسوب. إن كانا صحيحين، فاطلب من المنسّق ملف تسجيل جديدًا.
refused-unknown_service = هذا الخادم لا يخدم مؤسستك. اسأل المنسّق أي خادم تستخدم.
refused-sign_in_refused = لم يقبل الخادم تسجيل الدخول. تحقّق من عنوان الخادم مع المنسّق، ثم حاول مرة أخرى.
refused-statement_refused = المفاتيح في ملف تسجيلك ليست لهذا الأسبوع. اطلب من المنسّق ملفًا جديدًا.
refused-clock_wrong = ساعة هذا الحاسوب لا تتفق مع ساعة الخادم. اضبط التاريخ والوقت، ثم حاول مرة أخرى.
refused-no_shift_today = لا توجد في ملف تسجيلك مناوبة لهذا اليوم. راجع المنسّق.
refused-not_a_relay = ما يجيب على هذا العنوان ليس الخادم المطلوب. تحقّق من العنوان مع المنسّق.

## Waiting

waiting = قائمة الانتظار
waiting-count = { $count ->
    [zero] لا أحد ينتظر
    [one] شخص واحد ينتظر
    [two] شخصان ينتظران
    [few] { $count } أشخاص ينتظرون
    [many] { $count } شخصًا ينتظرون
   *[other] { $count } شخص ينتظرون
}
waiting-none-on = لا أحد ينتظر. سيظهر القادمون الجدد هنا تلقائيًا.
waiting-none-off = لست في المناوبة. ابدأ المناوبة لترى من ينتظر.
waiting-none-yet = سيظهر المنتظرون هنا عندما يجيب الخادم.
waited-now = في الانتظار منذ أقل من دقيقة
waited-minutes = { $count ->
    [one] في الانتظار منذ دقيقة
    [two] في الانتظار منذ دقيقتين
    [few] في الانتظار منذ { $count } دقائق
   *[other] في الانتظار منذ { $count } دقيقة
}
waited-hours = { $count ->
    [one] في الانتظار منذ أكثر من ساعة
    [two] في الانتظار منذ أكثر من ساعتين
    [few] في الانتظار منذ أكثر من { $count } ساعات
   *[other] في الانتظار منذ أكثر من { $count } ساعة
}
accept = قبول
accepting = جارٍ القبول…

subject-not_said = الموضوع غير مذكور
subject-danger = جرعة زائدة أو خطر الآن
subject-safer_use = تعاطٍ أكثر أمانًا
subject-wounds = الجروح والصحة
subject-tests = فيروس نقص المناعة والتهاب الكبد والفحوص
subject-treatment = العلاج
subject-feelings = المشاعر
subject-law = القانون والشرطة
subject-somebody_close = عن شخص قريب
subject-other = أمر آخر

channel-messenger = رابط من تطبيق مراسلة
channel-forum = رابط من منتدى
channel-social = رابط من شبكة اجتماعية
channel-site = رابط من موقع
channel-bot = رابط من بوت
channel-card = رابط من بطاقة أو ملصق

## Consultations

switcher = قائمة الانتظار والاستشارات
consultations = الاستشارات
consultations-none = لا توجد استشارات بعد
consultations-none-hint = عندما تقبل أحد المنتظرين، تُفتح الاستشارة هنا.
consultation-about = استشارة: { $subject }، { $language }
unread-count = { $count ->
    [zero] لا رسائل جديدة
    [one] رسالة جديدة واحدة
    [two] رسالتان جديدتان
    [few] { $count } رسائل جديدة
    [many] { $count } رسالة جديدة
   *[other] { $count } رسالة جديدة
}
status-connecting = جارٍ الاتصال
status-open = جارية
status-ended = انتهت
line-joined = متصل
line-client_away = انقطع اتصال المستفيد. ما تكتبه يُرسل عندما يعود.
line-reconnecting = انقطع اتصالك. ما تكتبه يُرسل عندما يعود.
log = الرسائل
log-connecting = جارٍ الاتصال. يمكنك أن تكتب من الآن.
log-open = قل من أنت وبماذا تستطيع أن تساعد. اسأل إن كان أحد آخر يرى الشاشة.
log-earlier = الرسائل السابقة
you = أنت
client = المستفيد
said-delivered = وصلت
said-underway = في الطريق
said-not_delivered = لم تصل
composer = اكتب إلى المستفيد
composer-open = المستفيد يقرأ هذا
composer-closed = مغلق ما دمت تكتب إلى زميل. اضغط لفتحه.
send = إرسال
too-long = النص أطول من أن يُرسل في رسالة واحدة. أرسله على أجزاء.
end = إنهاء
end-question = هل تنهي هذه الاستشارة لكليكما؟ لا يمكن فتحها من جديد.
end-confirm = نعم، أنهِها
end-cancel = متابعة الحديث

ended-worker = أنت أنهيت هذه الاستشارة.
ended-client = أنهى المستفيد هذه الاستشارة.
ended-lost = لم يصل شيء من المستفيد منذ نصف ساعة، لذلك أُنهيت الاستشارة. يمكن للمستفيد أن يعود برابط جديد.
ended-broken = وصل شيء تعذّر فك تشفيره، لذلك أُنهيت الاستشارة. لا يمكن أن يكون أحد غيركما قد قرأها. يمكن للمستفيد أن يعود برابط جديد.
ended-handed_over = سُلّمت هذه الاستشارة إلى زميل.
forget = محو
forget-hint = دوّن ما يحتاج إليه تقريرك، من دون أسماء. المحو يزيل هذه الرسائل من ذاكرة هذا الحاسوب.

## Colleagues

colleague-unknown = زميل
colleague-name = الزميل { $alias } ({ $role })
colleague-off-duty = ليس في المناوبة الآن
colleagues-none = لا أحد غيرك في المناوبة الآن. من يبدأ مناوبته من زملائك يظهر هنا.
colleagues-off-duty = لست في المناوبة. يظهر زملاؤك ما دمت في المناوبة.

requests = زملاؤك يسألونك
requests-count = { $count ->
    [zero] لا طلبات من الزملاء
    [one] طلب واحد من زميل
    [two] طلبان من الزملاء
    [few] { $count } طلبات من الزملاء
   *[other] { $count } طلبًا من الزملاء
}
request-from = { $name } يطلب منك متابعة هذه الاستشارة:
request-accepted = وافقت. نسأل المستفيد الآن، وإن وافق تُفتح الاستشارة هنا.
summary = ملخّص
summary-none = لا يوجد ملخّص.
summary-unseen = المستفيد لا يرى هذا الملخّص:
take-over = أتولّاها
not-now = ليس الآن

hand-over = تسليم…
hand-over-whom = من يتابع مع المستفيد؟
hand-over-summary = ملخّص لزميلك
hand-over-summary-hint = ما كتبه المستفيد لا يُنقل: لا يصل إلى زميلك إلا هذا الملخّص. اكتبه من دون أسماء.
hand-over-order = نسأل زميلك أولًا ثم المستفيد. إن رفض أحدهما فأنت تتابع.
hand-over-ask = اسأل
hand-over-keep = إلغاء
room-left = { $count ->
    [zero] لم يبقَ مكان
    [one] بقي مكان لحرف واحد تقريبًا
    [two] بقي مكان لحرفين تقريبًا
    [few] بقي مكان لنحو { $count } أحرف
   *[other] بقي مكان لنحو { $count } حرفًا
}
room-over = { $count ->
    [zero] أطول من اللازم
    [one] أطول من اللازم بحرف واحد تقريبًا
    [two] أطول من اللازم بحرفين تقريبًا
    [few] أطول من اللازم بنحو { $count } أحرف
   *[other] أطول من اللازم بنحو { $count } حرفًا
}
stage-asking_colleague = نسأل { $name }. وأنت تتابع مع المستفيد في هذه الأثناء.
stage-asking_client = { $name } مستعدّ للمتابعة. نسأل المستفيد الآن.
stage-moving = ينتقل المستفيد إلى { $name }.
take-back = تراجع عن التسليم
taken-over = تسلّمت هذه الاستشارة من { $name }.
handed-over-to = سُلّمت الاستشارة إلى { $name }.

whispers = بين الزملاء
whispers-tab = الزملاء
whispers-open = اسأل زميلًا
whispers-line = المستفيد لا يرى هذا أبدًا. ولا يُحفظ منه شيء.
whispers-whom = إلى من تكتب
whispers-count = { $count ->
    [zero] لا رسائل جديدة من الزملاء
    [one] رسالة جديدة واحدة من زميل
    [two] رسالتان جديدتان من الزملاء
    [few] { $count } رسائل جديدة من الزملاء
    [many] { $count } رسالة جديدة من الزملاء
   *[other] { $count } رسالة جديدة من الزملاء
}
whispers-log = الرسائل مع { $name }
whispers-forget = محو هذه الرسائل
whisper = إرسال إلى الزميل
whisper-to = إلى { $name }، لا إلى المستفيد
whisper-away = { $name } ليس في المناوبة الآن، ولا يمكن إرسال شيء إليه.
whisper-write = اكتب إلى { $name }

## From the console

dismiss = إغلاق
notice-offer_gone = لم يعد هذا الشخص ينتظر: سبقك زميل، أو غادر بنفسه.
notice-offer_deferred = لا يمكن بدء استشارات جديدة الآن. هذا الشخص ما زال ينتظر: اقبله مرة أخرى بعد قليل. استشاراتك المفتوحة مستمرة.
notice-seat_gone = تعذّر فتح الاستشارة في الوقت المحدد. إن كان الشخص ما زال ينتظر، فاقبله مرة أخرى.
notice-too_many_consultations = لديك أقصى عدد ممكن من الاستشارات في وقت واحد. أنهِ واحدة أو امحُ واحدة منتهية قبل أن تقبل أخرى.
notice-text_too_long = كان النص أطول من اللازم ولم يُرسل. أعدناه إلى حقل الكتابة: أرسله على أجزاء.
notice-link_already_used = جاء شخص برابط سبق استخدامه، فلم يُسمح له بالدخول. يحتاج إلى رابط جديد.
notice-opening_damaged = جاء شخص بطلب تعذّر فتحه، فلم يُسمح له بالدخول. قد يفيده رابط جديد.
notice-queue_full = ما زال كثير في الطريق، لذلك لم يُرسل هذا النص. أعدناه إلى حقله: أرسله عندما تصل الرسائل السابقة.
notice-hand_over_declined = لا يستطيع زميلك تولّي الاستشارة الآن. أنت تتابع مع المستفيد.
notice-hand_over_refused = يفضّل المستفيد البقاء معك. تابع الحديث.
notice-hand_over_failed = لم يتمّ التسليم: زميلك لم يعد موجودًا. أنت تتابع مع المستفيد.
notice-hand_over_gone = الاستشارة التي وافقت على تولّيها باقية عند زميلك، أو أنها انتهت.

connection-connecting = جارٍ الاتصال ببرنامج Vestibule على هذا الحاسوب…
connection-reconnecting = برنامج Vestibule على هذا الحاسوب لا يجيب. نعيد المحاولة، وما كتبته باقٍ هنا.
connection-gone = أُغلق برنامج Vestibule
connection-gone-hint = انتهت استشاراته ولم يُحفظ منها شيء. لمتابعة العمل شغّله من جديد، وسيفتح صفحة جديدة. يمكنك إغلاق هذه الصفحة.
connection-no_bearer = شغّل برنامج Vestibule أولًا
connection-no_bearer-hint = لا تعمل هذه الصفحة إلا إذا فتحها البرنامج على هذا الحاسوب. شغّله هكذا:
connection-bearer_refused = هذه الصفحة من تشغيل سابق
connection-bearer_refused-hint = شُغّل برنامج Vestibule من جديد وفتح صفحة جديدة. استخدمها وأغلق هذه. إن لم تجدها، فشغّل البرنامج:
connection-crowded = المكتب مفتوح أربع مرات
connection-crowded-hint = أغلق إحدى صفحاته الأخرى، ثم حاول مرة أخرى.
connection-misunderstood = هذه الصفحة وبرنامج Vestibule لا يفهم أحدهما الآخر
connection-misunderstood-hint = حاول مرة أخرى. إن تكرّر ذلك، فأغلق البرنامج وشغّله من جديد.
retry = حاول مرة أخرى
