//! What a service card says when the coordinator has not written one.
//!
//! Plain words that hold for any service: who reads, what stays secret, what to do when nobody can
//! wait. A coordinator who knows more writes their own (`--card`).

use vestibule_wire::CardTexts;

/// One text in the four languages.
fn texts(en: &str, ru: &str, uk: &str, ar: &str) -> CardTexts {
    CardTexts { en: en.to_owned(), ru: ru.to_owned(), uk: uk.to_owned(), ar: ar.to_owned() }
}

/// The service's name, the same in every language.
pub(crate) fn name(name: &str) -> CardTexts {
    texts(name, name, name, name)
}

/// Who answers here.
pub(crate) fn about() -> CardTexts {
    texts(
        "Outreach workers of our service answer here: about substances, health, tests, treatment, \
         rights, or how you are.",
        "Здесь отвечают сотрудники нашей службы: о веществах, здоровье, анализах, лечении, правах \
         или о том, что у вас на душе.",
        "Тут відповідають працівники нашої служби: про речовини, здоров’я, аналізи, лікування, \
         права або про те, що у вас на душі.",
        "هنا يجيب العاملون في خدمتنا عن المواد أو الصحة أو الفحوص أو العلاج أو الحقوق أو عمّا \
         تشعرون به.",
    )
}

/// When somebody answers.
pub(crate) fn hours() -> CardTexts {
    texts(
        "You are answered when a worker is on duty. If nobody is there now, you can leave the page \
         open and wait, or come back later: your link stays good until it is used or its time is over.",
        "Вам ответят, когда сотрудник на смене. Если сейчас никого нет, можно оставить страницу \
         открытой и подождать или вернуться позже: ссылка действует, пока её не использовали и пока \
         не истёк её срок.",
        "Вам дадуть відповідь, коли працівник на зміні. Якщо зараз нікого немає, можна залишити \
         сторінку відкритою й зачекати або повернутися пізніше: посилання дійсне, доки ним не \
         скористалися і доки не минув його строк.",
        "يأتيك الرد عندما يكون أحد العاملين في المناوبة. إن لم يكن أحد موجودًا الآن فيمكنك ترك \
         الصفحة مفتوحة والانتظار، أو العودة لاحقًا: يبقى رابطك صالحًا ما لم يُستخدم وما لم تنتهِ مدته.",
    )
}

/// What to do when nobody can wait. The page itself has the steps for an overdose.
pub(crate) fn emergency() -> CardTexts {
    texts(
        "If somebody does not wake up, breathes badly or turns blue, call an ambulance now.",
        "Если человек не просыпается, плохо дышит или синеет, вызывайте скорую сейчас.",
        "Якщо людина не прокидається, погано дихає або синіє, викликайте швидку зараз.",
        "إذا كان شخص ما لا يستيقظ أو يتنفس بصعوبة أو يزرقّ لونه، فاتصلوا بالإسعاف الآن.",
    )
}
