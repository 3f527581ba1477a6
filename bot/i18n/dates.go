package i18n

import (
	"fmt"
	"time"
)

// Date writes the day of t in t's own zone, with its weekday and without the
// year: "Tuesday 24 November".
func (p *Printer) Date(t time.Time) string {
	return p.T("date.long",
		"weekday", p.T(fmt.Sprintf("date.weekday.%d", int(t.Weekday()))),
		"day", p.day(t.Day()),
		"month", p.T(fmt.Sprintf("date.month.%d", int(t.Month()))),
		"monthnumber", int(t.Month()))
}

// ShortDate writes the day of t in t's own zone: "24 Nov".
func (p *Printer) ShortDate(t time.Time) string {
	return p.T("date.short",
		"day", p.day(t.Day()),
		"month", p.T(fmt.Sprintf("date.mon.%d", int(t.Month()))),
		"monthnumber", int(t.Month()))
}

// day writes the day of a month; French says "1er" for the first.
func (p *Printer) day(n int) string {
	if n == 1 {
		return p.T("date.first")
	}
	return p.Number(n)
}

// Clock writes the time of day of t in t's own zone: "08:00".
func (p *Printer) Clock(t time.Time) string { return t.Format(p.locale.clock) }

// Moment writes the day and the time of day of t in t's own zone:
// "Tuesday 24 November, 08:00".
func (p *Printer) Moment(t time.Time) string {
	return p.T("date.moment", "date", p.Date(t), "clock", p.Clock(t))
}

// Age writes how long ago something was, as short as the language allows:
// "2 h", "vor 2 Std.". It counts whole units: minutes under an hour, hours
// under two days, days under two weeks, then weeks and years. A negative age,
// from a clock that runs ahead, counts as none.
func (p *Printer) Age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return p.T("age.now")
	case d < time.Hour:
		return p.T("age.minutes", "n", int(d/time.Minute))
	case d < 2*day:
		return p.T("age.hours", "n", int(d/time.Hour))
	case d < 14*day:
		return p.T("age.days", "n", int(d/day))
	case d < 365*day:
		return p.T("age.weeks", "n", int(d/(7*day)))
	default:
		return p.T("age.years", "n", int(d/(365*day)))
	}
}

// Duration writes how long something takes or how far off it is, without
// saying ago: "5 min", "2 h", "3 d".
func (p *Printer) Duration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return p.T("duration.seconds", "n", max(0, int(d/time.Second)))
	case d < time.Hour:
		return p.T("duration.minutes", "n", int(d/time.Minute))
	case d < 2*day:
		return p.T("duration.hours", "n", int(d/time.Hour))
	default:
		return p.T("duration.days", "n", int(d/day))
	}
}

// Ago writes the same as Age where it stands in a sentence: "2 h ago".
func (p *Printer) Ago(d time.Duration) string {
	if d < time.Minute {
		return p.Age(d)
	}
	return p.T("age.ago", "age", p.Age(d))
}
