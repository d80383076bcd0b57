# The report of indicators: what stands on paper. The names of tables and labels are in protocol/locales.

title = تقرير: { $service }
dates = من { $from } إلى { $to }
page-title = المؤشرات
print-hint = لحفظ هذه الصفحة أو إرسالها اطبعوها واختاروا «حفظ بصيغة PDF». فيها كل ما تحتاج إليه.

## How exact the numbers are

about-title = ما هذه الأرقام
about-what = هذه مجاميع للطلبات والاستشارات، وليست لأشخاص: من جاء مرتين عُدّ مرتين. لا توجد في أي مكان قائمة باستشارات منفردة.
about-noise = أُضيف إلى كل مجموع عدد عشوائي قبل أن ينشره الخادم. لذلك لا يكاد جدول واحد يكشف هل جرت محادثة معيّنة وعمّ كانت. وما يكشفه مع ذلك مذكور أدناه. المجاميع الكبيرة لا تكاد تتغير بذلك، والصغيرة قد تكون بعيدة عن الحقيقة. كل ما هو أقل من 5 يظهر «أقل من 5».
about-exact = هذه المجاميع دقيقة لأن الخدمة قررت ذلك. من يعرف عن استشارة واحدة قد يجدها في عدد صغير. لا تعطوا أحدًا جداول فيها أعداد صغيرة.
about-some-exact = جزء من هذه المجاميع حُسب بدقة لأن الخدمة قررت ذلك حينها. لا تعطوا أحدًا جداول فيها أعداد صغيرة.
about-plots = الخط الرفيع في طرف الشريط هو الخطأ المتوقع: من كل ثلاثة مجاميع اثنان أقرب إلى الحقيقة من ذلك.
fact-periods = الفترات
fact-periods-text = { $count ->
    [one] { $count }، من { $from } إلى { $to }
   *[other] { $count }، من { $from } إلى { $to }
}
fact-complete = الاكتمال
fact-complete-text = حُسب { $percent } % من الوقت. ما جاء في الوقت الباقي غير موجود هنا.
fact-complete-whole = حُسب الوقت كله.
fact-error = الخطأ المتوقع
fact-error-text = { $one } في معظم الجداول (في المتوسط { $onemean })، و{ $many } في الجداول التي قد يكون فيها للاستشارة أكثر من علامة (في المتوسط { $manymean }).
fact-error-none = لا خطأ.
fact-budget = ميزانية جدول واحد
fact-budget-text = { $epsilon } (إبسلون). من يعرف كل شيء عن استشارة إلا أمرًا واحدًا يحزره من جدول واحد في { $percent } حالة من 100. رمي العملة يحزر 50.
fact-all = ميزانية كل الجداول معًا
fact-all-text = { $epsilon } (إبسلون)، في { $tables } جدولًا على الأكثر. من يضعها كلها جنبًا إلى جنب يستطيع التمييز بين استشارتين مختلفتين في { $percent } حالة من 100 على الأكثر.
fact-checks = هل تتفق المجاميع؟
check-hold = نعم، بقدر ما يسمح الخطأ المتوقع بالقول.
check-held-is-answered = لا: الاستشارات التي جرت ({ $smaller }) أكثر من الطلبات التي أُجيب عنها ({ $larger }). بعض الأعداد ناقص أو وصل متأخرًا.
check-answered-is-asked = لا: الطلبات التي أُجيب عنها ({ $smaller }) أكثر من كل الطلبات ({ $larger }). بعض الأعداد ناقص.

## The tables

tables-title = المجاميع
counted = { $unit }؛ يعدّها { $who }
column-label = العلامة
column-total = المجموع
column-error = الخطأ
under-5 = أقل من 5
nothing-named = لم تسمّ الخدمة أي علامة هنا.

## The worker's report

worker-title = تقرير العامل
worker-hint = الأرقام للخدمة كلها. المربعات لكلماتكم بخط اليد. لا تكتبوا شيئًا قد يدل على مستفيد.
field-1 = من ومتى
field-2 = المناوبات والمنصات
field-3 = الاتصالات
field-4 = من كتب
field-5 = الحاجات والمواد والنتائج
field-6 = المستشارون وعمليات التسليم
field-7 = الإحالات والمواد المطبوعة والعُدد
field-8 = الحالات الطارئة
field-9 = ما قاله المستفيدون
field-10 = مواد جديدة وتحذيرات
field-11 = الصعوبات
field-12 = خطة الفترة القادمة
box-organisation = المنظمة
box-period = الفترة
box-alias = الاسم المستعار للعامل ودوره
box-supervisor = المشرف
box-shifts = المناوبات: التواريخ والبداية والنهاية
box-platforms = المنصات التي حضرتم فيها
box-completed = الإحالات التي تمّت، بقدر ما هو معروف
box-action = ما الذي جرى عمله
box-complaints = الشكاوى
box-heard = ما الذي سُمع ومن أين
box-trouble = التقنية والمنصات والسلامة
box-wellbeing = حالتكم أنتم
box-plan = ما هو مخطط
answered-share = أُجيب عن { $percent } طلبًا من 100.
others-under-5 = { $count ->
    [one] علامة أخرى أقل من 5
    [two] علامتان أخريان، كل منهما أقل من 5
    [few] { $count } علامات أخرى، كل منها أقل من 5
   *[other] { $count } علامة أخرى، كل منها أقل من 5
}
all-under-5 = كلها أقل من 5
