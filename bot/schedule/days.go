package schedule

import (
	"math/bits"
	"time"
)

// days says on which dates a schedule runs, as cron's bit sets do: bit n of dom
// is the day of the month n, of month the month n, of dow the weekday n (Sunday
// is 0). The top bit is cron's mark for a field that was written as "*".
type days struct{ dom, month, dow uint64 }

const star = 1 << 63

// Masks of whole fields and common sets of weekdays.
const (
	allDom    = star | 0xFFFFFFFE
	allMonths = star | 0x1FFE
	allDow    = star | 0x7F
	workdays  = 0b0111110
	weekend   = 0b1000001
)

var everyDay = days{allDom, allMonths, allDow} // never written to

// on is every week's given weekdays.
func on(dow uint64) days {
	if dow == allDow&^star {
		return everyDay
	}
	return days{allDom, allMonths, dow}
}

// match reports whether the schedule runs on a date. As in every cron, day of
// month and day of week are alternatives when both are restricted.
func (d days) match(date time.Time) bool {
	if d.month&(1<<uint(date.Month())) == 0 {
		return false
	}
	dom := d.dom&(1<<uint(date.Day())) != 0
	dow := d.dow&(1<<uint(date.Weekday())) != 0
	if d.dom&star != 0 || d.dow&star != 0 {
		return dom && dow
	}
	return dom || dow
}

// happen reports whether any date matches.
func (d days) happen() bool {
	date := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC) // from here each leap year is seen
	for range searchDays {
		if d.match(date) {
			return true
		}
		date = date.AddDate(0, 0, 1)
	}
	return false
}

// weekly reports whether only the weekday decides, and which weekdays run.
func (d days) weekly() (dow uint64, ok bool) {
	if d.month&^star != allMonths&^star || d.dom&^star != allDom&^star {
		return 0, false
	}
	if d.dom&star == 0 && d.dow&star == 0 {
		return allDow &^ star, true // either field lets every date through
	}
	return d.dow &^ star, true
}

// monthly reports whether the schedule runs on one day of every month.
func (d days) monthly() (day int, ok bool) {
	if d.month&^star != allMonths&^star || d.dow&star == 0 || bits.OnesCount64(d.dom&^star) != 1 {
		return 0, false
	}
	return bits.TrailingZeros64(d.dom &^ star), true
}
