# The report of indicators: what stands on paper. The names of tables and labels are in protocol/locales.

title = Report: { $service }
dates = { $from } to { $to }
page-title = Indicators
print-hint = To keep this page or send it, print it and choose “save as PDF”. It holds everything it needs.

## How exact the numbers are

about-title = What these numbers are
about-what = These are totals of requests and consultations, never of people: somebody who came twice was counted twice. No list of single consultations exists anywhere.
about-noise = A random number was added to each total before the relay published it. So a table hardly tells whether a certain conversation took place, or what it was about. How much it still tells stands below. Large totals hardly change by it, small ones may be far off. What is below 5 is shown as “under 5”.
about-exact = These totals are exact, as the service has decided. Somebody who knows of one consultation may find it again in a small number. Do not pass tables with small numbers on.
about-some-exact = A part of these totals was counted exactly, as the service had decided at that time. Do not pass tables with small numbers on.
about-plots = The thin line at the end of a bar is the expected error: of three totals, two are nearer to the truth than that.
fact-periods = Periods
fact-periods-text = { $count ->
    [one] { $count }, from { $from } to { $to }
   *[other] { $count }, from { $from } to { $to }
}
fact-complete = How complete
fact-complete-text = { $percent } % of the time was counted. What came in the rest is missing here.
fact-complete-whole = The whole time was counted.
fact-error = Expected error
fact-error-text = { $one } in most tables (on average { $onemean }), { $many } in those where a consultation may have several labels (on average { $manymean }).
fact-error-none = None.
fact-budget = Budget of one table
fact-budget-text = { $epsilon } (epsilon). Somebody who knows everything of a consultation but one thing guesses it from one table in { $percent } of 100 cases. A coin guesses 50.
fact-all = Of all tables together
fact-all-text = { $epsilon } (epsilon), in at most { $tables } tables. Somebody who lays all of them side by side can tell two different consultations apart in up to { $percent } of 100 cases.
fact-checks = Do the totals agree?
check-hold = Yes, as far as the expected error lets one say.
check-held-is-answered = No: more consultations were held ({ $smaller }) than requests were answered ({ $larger }). Some counts are missing or came late.
check-answered-is-asked = No: more requests were answered ({ $smaller }) than there were ({ $larger }). Some counts are missing.

## The tables

tables-title = The totals
counted = { $unit }; counted by { $who }
column-label = Label
column-total = Total
column-error = Error
under-5 = under 5
nothing-named = The service has not named any label here.

## The worker's report

worker-title = Worker’s report
worker-hint = The numbers are those of the whole service. The boxes are for your own words, by hand. Write nothing that could point to a client.
field-1 = Who and when
field-2 = Shifts and platforms
field-3 = Contacts
field-4 = Who wrote
field-5 = Needs, substances, results
field-6 = Advisers and hand-overs
field-7 = Referrals, materials, kits
field-8 = Emergencies
field-9 = What clients said
field-10 = New substances and warnings
field-11 = Difficulties
field-12 = Plan for the next period
box-organisation = Organisation
box-period = Period
box-alias = Worker’s alias and role
box-supervisor = Supervisor
box-shifts = Shifts: dates, beginning, end
box-platforms = Platforms where you were present
box-completed = Referrals that were completed, as far as known
box-action = What was done
box-complaints = Complaints
box-heard = What was heard, and where from
box-trouble = Technology, platforms, safety
box-wellbeing = Own wellbeing
box-plan = What is planned
answered-share = { $percent } of 100 requests were answered.
others-under-5 = { $count ->
    [one] one other under 5
   *[other] { $count } others under 5 each
}
all-under-5 = all under 5
