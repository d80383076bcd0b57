## The desk as a whole

tools = Для всего рабочего стола
panel-shift = Смена
panel-links = Ссылки
panel-announce = Объявить
panel-scripts = Экстренно
panel-help = Клавиши
panel-panic = Стереть всё?
panel-off_duty = Идёт передача консультации
lock = Заблокировать
panic = Стереть всё
panic-hint = Все консультации сразу закончатся. Слова и ключи в памяти компьютера будут стёрты, а ваш файл доступа больше никогда не откроется. Новый файл даст координатор.
panic-confirm = Стереть всё сейчас
panic-cancel = Работать дальше
panic-again = Нажмите Alt + P ещё раз, чтобы стереть всё.
off-duty-hint = Если закончить дежурство сейчас, передача прервётся и клиент останется у того, кто ведёт его сейчас.
off-duty-confirm = Всё равно закончить
off-duty-cancel = Остаться на дежурстве
network-off = На этом компьютере нет интернета. Написанное остаётся здесь; соединение восстановится само.
capacity = Сразу:
capacity-full = { $count ->
    [one] У вас { $count } консультация — столько вы выбрали. Чтобы принять ещё, увеличьте число наверху.
    [few] У вас { $count } консультации — столько вы выбрали. Чтобы принять ещё, увеличьте число наверху.
   *[many] У вас { $count } консультаций — столько вы выбрали. Чтобы принять ещё, увеличьте число наверху.
}

## Who comes, and how

channel-return = уже обращался
door = открытый адрес службы
wish-me = хочет говорить с вами
wish-colleague = хочет говорить с коллегой
refuse-offer = Оставить другим

## In a consultation

more = Ещё…
muted = Без звука и отметок о новом.
mute = Без звука
mute-hint = Если вас продолжают оскорблять: отсюда не будет звука и отметок.
return-link-hint = Дайте ссылку, по которой клиент сможет вернуться. Она открывается один раз и действует не больше трёх дней. Больше ничто не связывает эти два обращения.
return-link-me = Ссылка ко мне
return-link-anybody = Ссылка к любому
end-propose = Предложить клиенту
end-proposed = Вы предложили закончить. Клиент ещё не ответил.
end-and-refuse = Закончить и отказать
end-and-refuse-hint = Только при оскорблениях: ссылки, которые вы дали в этой консультации, больше не впустят этого человека.
hand-over-again = Теперь кто-то дежурит. Нажмите «Передать…» ещё раз.
said-return_link = Вы дали ссылку, чтобы вернуться.
said-end_proposed = Вы предложили закончить.
said-end_declined = Клиент хочет продолжить.
looks-phone = Похоже на номер телефона. Никуда его не переписывайте.
looks-address = Похоже на адрес или имя в сети. Никуда его не переписывайте.
looks-link = Похоже на ссылку. Не открывайте её на этом компьютере.

## Replies, cards, emergency

replies = Ответы
cards = Карточки
script = Экстренно
picker-replies = Ответы, чтобы вставить в поле
picker-cards = Карточки для клиента
picker-replies-search = Найти ответ; Enter вставит его
picker-cards-search = Найти карточку; Enter отправит её
picker-none = Ничего не нашлось.
picker-no-pack = Текстов службы нет.
preview = Так это прочтёт клиент
preview-other-language = Не на языке клиента: { $language }.
card-checklist = Чек-лист
card-leaflet = Памятка
card-referral = Направление
scripts = Действия в экстренном случае
script-steps = Шаги
scripts-none = В текстах службы нет действий на экстренный случай.

## After a consultation

coding = О чём была консультация
coding-hint = Отметьте, что подходит; остальное пропустите. Останутся только числа, до конца смены.
coding-done = Готово: учесть и стереть
coding-skip = Стереть без ответов
group-need = Запрос
group-result = Итог
group-referral = Куда направили
group-kit = Наборы
group-emergency = Экстренный случай
group-substance = Вещества
group-contact = Кто писал
group-visit = Обращение
group-not_counselling = Не консультация
group-age = Возраст, если назван
group-gender = Пол, если назван
group-material = Отправлено карточек
group-shift = За смену
label-minor_injection = лёгкое осложнение инъекции
label-severe_injection = тяжёлое осложнение инъекции
label-overdose = передозировка
label-information = информация
label-psychological = психологическая помощь
label-medical = медицинская помощь
label-social = социальная помощь
label-legal = юридическая помощь
label-harm_reduction = снижение вреда
label-testing = тестирование
label-solved = решено здесь
label-partly = частично
label-not_solved = не решено
label-treatment = лечение
label-hospital_or_ambulance = больница или скорая
label-psychologist = психолог
label-harm_reduction_site = пункт снижения вреда
label-shelter = приют
label-naloxone = налоксон
label-syringes = шприцы
label-self_test = самотест
label-condoms = презервативы
label-suicide_risk = риск самоубийства
label-violence = насилие
label-ambulance_called = вызвана скорая
label-opioids = опиоиды
label-stimulants = стимуляторы
label-cathinones = катиноны
label-cannabinoids = каннабиноиды
label-depressants = депрессанты
label-alcohol = алкоголь
label-psychedelics = психоделики
label-unknown = неизвестно
label-self = о себе
label-relative_or_friend = близкий или друг
label-professional = специалист
label-first = впервые
label-again = повторно
label-silent = молчание
label-abusive = оскорбления
label-thanks = благодарность
label-service_question = вопрос о службе
label-under_18 = до 18
label-18_24 = 18–24
label-25_34 = 25–34
label-35_49 = 35–49
label-50_up = 50 и старше
label-not_asked = не спрашивали
label-woman = женщина
label-man = мужчина
label-other = другое
label-consultations = консультации
label-hand_overs = передачи

## The shift

shift-who = Сейчас дежурят
shift-totals = Учтено за смену
totals-none = Пока ничего не учтено.
totals-hint = Когда программа закроется, этих чисел не станет. Запишите то, что нужно для отчёта.
shift-desk = Этот рабочий стол
sound-on = Звук включён
sound-off = Звук выключен
sound-hint = Два спокойных сигнала: кто-то ждёт или кто-то написал.
lock-after = Блокировать без действий через:
lock-minutes = { $count ->
    [one] { $count } минуту
    [few] { $count } минуты
   *[many] { $count } минут
}
shift-pack = Тексты службы
pack-none = Их нет.
pack-version = Версия { $version }.
pack-reviewed = Проверено: { $by }, { $on }.
pack-unreviewed = Их ещё никто не проверил.
pack-starter = Ответы и карточки — примеры из программы. Попросите вашего врача проверить их, прежде чем на них полагаться.
pack-unreviewed-notice = Ответы и карточки ещё никто не проверил. Попросите вашего врача проверить их, прежде чем на них полагаться.
pack-problem = Тексты службы не удалось прочитать, поэтому остаются прежние:
pack-reload = Прочитать заново

## Links

links-hint = Каждая ссылка открывает одну консультацию, один раз. Давайте каждую только одному человеку.
links-count = Сколько
links-channel = Куда пойдут
links-channel-none = не указано
links-hours = Действуют
hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
links-make = Создать ссылки
links-made = { $count ->
    [one] Готова { $count } ссылка.
    [few] Готовы { $count } ссылки.
   *[many] Готово { $count } ссылок.
}
links-once = Открывается один раз, до { $until }.
links-qr = QR-код ссылки
links-copy = Скопировать
links-copied = Скопировано
links-print = Напечатать

## Announcements

announce-hint = Это прочтут все коллеги на дежурстве и те, кто придёт позже, пока вы дежурите. Ничего о клиентах здесь быть не должно.
announce-text = Объявление
announce = Сообщить всем коллегам
announcement-own = Ваше объявление
announcement-withdraw = Отозвать

## Lock

locked = Рабочий стол заблокирован
locked-hint = Консультации продолжаются в фоне. Введите пароль к вашему файлу доступа.
passphrase = Пароль
passphrase-wrong = Этот пароль не открывает файл.
passphrase-wait = { $count ->
    [one] Попробуйте через { $count } секунду.
    [few] Попробуйте через { $count } секунды.
   *[many] Попробуйте через { $count } секунд.
}
passphrase-checking = Открываем…
unlock = Разблокировать

## Keys

key-enter = отправить
key-line = новая строка
key-consultation = консультация с этим номером
key-accept_first = принять того, кто ждёт дольше всех
key-waiting = список ожидания
key-next_unread = следующее непрочитанное
key-write = написать клиенту
key-replies = ответы
key-cards = карточки
key-script = экстренные действия
key-more = ещё: ссылка для возврата, без звука
key-whispers = коллеги
key-hand_over = передать
key-end = закончить
key-shift = смена
key-help = эта страница
key-lock = заблокировать рабочий стол
key-slash = ответы, в начале пустого поля
key-escape = закрыть открытое
key-panic = дважды за две секунды: стереть всё
keys-layout = Важно место клавиши: они работают в любой раскладке.

## More from the console

notice-at_capacity = У вас столько консультаций, сколько вы выбрали. Чтобы принять ещё, увеличьте число или закончите одну.
notice-pack_reloaded = Тексты службы прочитаны заново.
notice-return_link_limit = В этой консультации вы уже дали три ссылки. Больше дать нельзя.
notice-network_gone = Связь с сетью пропала. Соединение восстановится само; написанное подождёт.
notice-no_shift = В вашем файле доступа нет ключей на сегодня, поэтому ссылки создать нельзя. Обратитесь к координатору.
