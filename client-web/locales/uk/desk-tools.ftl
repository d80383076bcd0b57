## The desk as a whole

tools = Для всього робочого столу
panel-shift = Зміна
panel-links = Посилання
panel-announce = Оголосити
panel-scripts = Екстрено
panel-help = Клавіші
panel-panic = Стерти все?
panel-off_duty = Триває передача консультації
lock = Заблокувати
panic = Стерти все
panic-hint = Усі консультації одразу завершаться. Слова й ключі в пам’яті комп’ютера буде стерто, а ваш файл доступу більше ніколи не відкриється. Новий файл дасть координатор.
panic-confirm = Стерти все зараз
panic-cancel = Працювати далі
panic-again = Натисніть Alt + P ще раз, щоб стерти все.
off-duty-hint = Якщо завершити чергування зараз, передача перерветься і клієнт залишиться в того, хто веде його зараз.
off-duty-confirm = Усе одно завершити
off-duty-cancel = Залишитися на чергуванні
network-off = На цьому комп’ютері немає інтернету. Написане залишається тут; з’єднання відновиться само.
capacity = Одночасно:
capacity-full = { $count ->
    [one] У вас { $count } консультація — стільки ви обрали. Щоб прийняти ще, збільште число вгорі.
    [few] У вас { $count } консультації — стільки ви обрали. Щоб прийняти ще, збільште число вгорі.
   *[many] У вас { $count } консультацій — стільки ви обрали. Щоб прийняти ще, збільште число вгорі.
}

## Who comes, and how

channel-return = уже звертався
door = відкрита адреса служби
wish-me = хоче говорити з вами
wish-colleague = хоче говорити з колегою
refuse-offer = Залишити іншим

## In a consultation

more = Ще…
muted = Без звуку й позначок про нове.
mute = Без звуку
mute-hint = Якщо вас і далі ображають: звідси не буде звуку й позначок.
return-link-hint = Дайте посилання, за яким клієнт зможе повернутися. Воно відкривається один раз і діє не більше трьох днів. Більше ніщо не пов’язує ці два звернення.
return-link-me = Посилання до мене
return-link-anybody = Посилання до будь-кого
end-propose = Запропонувати клієнту
end-proposed = Ви запропонували завершити. Клієнт ще не відповів.
end-and-refuse = Завершити й відмовити
end-and-refuse-hint = Лише в разі образ: посилання, які ви дали в цій консультації, більше не впустять цю людину.
hand-over-again = Тепер хтось чергує. Натисніть «Передати…» ще раз.
said-return_link = Ви дали посилання, щоб повернутися.
said-end_proposed = Ви запропонували завершити.
said-end_declined = Клієнт хоче продовжити.
looks-phone = Схоже на номер телефону. Нікуди його не переписуйте.
looks-address = Схоже на адресу або ім’я в мережі. Нікуди його не переписуйте.
looks-link = Схоже на посилання. Не відкривайте його на цьому комп’ютері.

## Replies, cards, emergency

replies = Відповіді
cards = Картки
script = Екстрено
picker-replies = Відповіді, щоб вставити в поле
picker-cards = Картки для клієнта
picker-replies-search = Знайти відповідь; Enter вставить її
picker-cards-search = Знайти картку; Enter надішле її
picker-none = Нічого не знайшлося.
picker-no-pack = Текстів служби немає.
preview = Так це прочитає клієнт
preview-other-language = Не мовою клієнта: { $language }.
card-checklist = Чек-лист
card-leaflet = Пам’ятка
card-referral = Направлення
scripts = Дії в екстреному випадку
script-steps = Кроки
scripts-none = У текстах служби немає дій на екстрений випадок.

## After a consultation

coding = Про що була консультація
coding-hint = Позначте, що підходить; решту пропустіть. Залишаться лише числа, до кінця зміни.
coding-done = Готово: врахувати й стерти
coding-skip = Стерти без відповідей
group-need = Запит
group-result = Результат
group-referral = Куди скерували
group-kit = Набори
group-emergency = Екстрений випадок
group-substance = Речовини
group-contact = Хто писав
group-visit = Звернення
group-not_counselling = Не консультація
group-age = Вік, якщо названо
group-gender = Стать, якщо названо
group-material = Надіслано карток
group-shift = За зміну
label-minor_injection = легке ускладнення ін’єкції
label-severe_injection = тяжке ускладнення ін’єкції
label-overdose = передозування
label-information = інформація
label-psychological = психологічна допомога
label-medical = медична допомога
label-social = соціальна допомога
label-legal = юридична допомога
label-harm_reduction = зменшення шкоди
label-testing = тестування
label-solved = вирішено тут
label-partly = частково
label-not_solved = не вирішено
label-treatment = лікування
label-hospital_or_ambulance = лікарня або швидка
label-psychologist = психолог
label-harm_reduction_site = пункт зменшення шкоди
label-shelter = притулок
label-naloxone = налоксон
label-syringes = шприци
label-self_test = самотест
label-condoms = презервативи
label-suicide_risk = ризик самогубства
label-violence = насильство
label-ambulance_called = викликано швидку
label-opioids = опіоїди
label-stimulants = стимулятори
label-cathinones = катинони
label-cannabinoids = канабіноїди
label-depressants = депресанти
label-alcohol = алкоголь
label-psychedelics = психоделіки
label-unknown = невідомо
label-self = про себе
label-relative_or_friend = близька людина чи друг
label-professional = фахівець
label-first = уперше
label-again = повторно
label-silent = мовчання
label-abusive = образи
label-thanks = подяка
label-service_question = питання про службу
label-under_18 = до 18
label-18_24 = 18–24
label-25_34 = 25–34
label-35_49 = 35–49
label-50_up = 50 і старше
label-not_asked = не питали
label-woman = жінка
label-man = чоловік
label-other = інше
label-consultations = консультації
label-hand_overs = передачі

## The shift

shift-who = Зараз чергують
shift-totals = Враховано за зміну
totals-none = Поки нічого не враховано.
totals-hint = Коли програму закриють, цих чисел не стане. Запишіть те, що потрібно для звіту.
shift-desk = Цей робочий стіл
sound-on = Звук увімкнено
sound-off = Звук вимкнено
sound-hint = Два спокійні сигнали: хтось чекає або хтось написав.
lock-after = Блокувати без дій через:
lock-minutes = { $count ->
    [one] { $count } хвилину
    [few] { $count } хвилини
   *[many] { $count } хвилин
}
shift-pack = Тексти служби
pack-none = Їх немає.
pack-version = Версія { $version }.
pack-reviewed = Перевірено: { $by }, { $on }.
pack-unreviewed = Їх ще ніхто не перевірив.
pack-starter = Відповіді й картки — приклади з програми. Попросіть вашого лікаря перевірити їх, перш ніж на них покладатися.
pack-unreviewed-notice = Відповіді й картки ще ніхто не перевірив. Попросіть вашого лікаря перевірити їх, перш ніж на них покладатися.
pack-problem = Тексти служби не вдалося прочитати, тому лишаються попередні:
pack-reload = Прочитати знову

## Links

links-hint = Кожне посилання відкриває одну консультацію, один раз. Давайте кожне лише одній людині.
links-count = Скільки
links-channel = Куди підуть
links-channel-none = не вказано
links-hours = Діють
hours = { $count ->
    [one] { $count } годину
    [few] { $count } години
   *[many] { $count } годин
}
links-make = Створити посилання
links-made = { $count ->
    [one] Готове { $count } посилання.
    [few] Готові { $count } посилання.
   *[many] Готово { $count } посилань.
}
links-once = Відкривається один раз, до { $until }.
links-qr = QR-код посилання
links-copy = Скопіювати
links-copied = Скопійовано
links-print = Надрукувати

## Announcements

announce-hint = Це прочитають усі колеги на чергуванні й ті, хто прийде пізніше, поки ви чергуєте. Нічого про клієнтів тут бути не повинно.
announce-text = Оголошення
announce = Повідомити всіх колег
announcement-own = Ваше оголошення
announcement-withdraw = Відкликати

## Lock

locked = Робочий стіл заблоковано
locked-hint = Консультації тривають у фоні. Введіть пароль до вашого файлу доступу.
passphrase = Пароль
passphrase-wrong = Цей пароль не відкриває файл.
passphrase-wait = { $count ->
    [one] Спробуйте через { $count } секунду.
    [few] Спробуйте через { $count } секунди.
   *[many] Спробуйте через { $count } секунд.
}
passphrase-checking = Відкриваємо…
unlock = Розблокувати

## Keys

key-enter = надіслати
key-line = новий рядок
key-consultation = консультація з цим номером
key-accept_first = прийняти того, хто чекає найдовше
key-waiting = список очікування
key-next_unread = наступне непрочитане
key-write = написати клієнту
key-replies = відповіді
key-cards = картки
key-script = екстрені дії
key-more = ще: посилання для повернення, без звуку
key-whispers = колеги
key-hand_over = передати
key-end = завершити
key-shift = зміна
key-help = ця сторінка
key-lock = заблокувати робочий стіл
key-slash = відповіді, на початку порожнього поля
key-escape = закрити відкрите
key-panic = двічі за дві секунди: стерти все
keys-layout = Важливе місце клавіші: вони працюють у будь-якій розкладці.

## More from the console

notice-at_capacity = У вас стільки консультацій, скільки ви обрали. Щоб прийняти ще, збільште число або завершіть одну.
notice-pack_reloaded = Тексти служби прочитано знову.
notice-return_link_limit = У цій консультації ви вже дали три посилання. Більше дати не можна.
notice-network_gone = Зв’язок із мережею зник. З’єднання відновиться само; написане зачекає.
notice-no_shift = У вашому файлі доступу немає ключів на сьогодні, тому посилання створити не можна. Зверніться до координатора.
