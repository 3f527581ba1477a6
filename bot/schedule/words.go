package schedule

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// dayNames are the weekdays by number, Sunday first. Never written to.
var dayNames = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}

// vocabulary is what a misspelt word is compared with. Never written to.
var vocabulary = []string{"daily", "weekdays", "weekends", "hourly", "weekly", "monthly", "every", "midnight", "noon",
	"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
	"sundays", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "morning", "evening", "minutes", "hours"}

// weekday is the number of a day's name, short or long, or -1.
func weekday(word string) int {
	word = strings.TrimRight(word, ".")
	for n, name := range dayNames {
		name = strings.ToLower(name)
		if len(word) >= 2 && strings.HasPrefix(name+"s", word) {
			return n
		}
	}
	if word == "weds" {
		return 3
	}
	return -1
}

// unitMinutes is the length of a unit of time, or 0.
func unitMinutes(word string) int {
	switch word {
	case "m", "min", "mins", "minute", "minutes":
		return 1
	case "h", "hr", "hrs", "hour", "hours":
		return 60
	}
	return 0
}

// longUnit reports whether a word is a unit of time of a day and more.
func longUnit(word string) bool {
	switch word {
	case "d", "day", "days", "w", "week", "weeks", "month", "months":
		return true
	}
	return false
}

// splitNumber cuts "4h" into its digits and the rest.
func splitNumber(word string) (digits, unit string) {
	unit = strings.TrimLeft(word, "0123456789")
	return word[:len(word)-len(unit)], unit
}

// hoursAndMinutes is the length that 1h30 and 1h30m name, or 0.
func hoursAndMinutes(word string) int {
	hours, rest := splitNumber(strings.TrimSuffix(word, "m"))
	minutes, ok := strings.CutPrefix(rest, "h")
	if !ok || minutes == "" {
		return 0
	}
	h, errH := strconv.Atoi(hours)
	m, errM := strconv.Atoi(minutes)
	if errH != nil || errM != nil || h > 24 || m < 0 || m > 59 {
		return 0
	}
	return h*60 + m
}

// ordinal is the day of the month that 1st, 2nd, 15th … name, or 0.
func ordinal(word string) int {
	digits, suffix := splitNumber(word)
	day, err := strconv.Atoi(digits)
	if err != nil || day < 1 || day > 31 {
		return 0
	}
	switch suffix {
	case "st", "nd", "rd", "th":
		return day
	}
	return 0
}

// nth writes a day of the month: 1st, 2nd, 3rd, 4th.
func nth(day int) string {
	suffix := "th"
	if day/10 != 1 {
		switch day % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(day) + suffix
}

// clockTime is the minute of the day that 8, 08:00, 8.30, 8h30, 0800, 8am, 8:30pm
// and 20h name.
func clockTime(word string) (minute int, ok bool) {
	half := ""
	for _, suffix := range []string{"am", "pm", "uhr", "h"} {
		if rest, found := strings.CutSuffix(word, suffix); found {
			word, half = rest, suffix
			break
		}
	}
	hours, minutes := word, "00"
	if i := strings.IndexAny(word, ":.h"); i >= 0 {
		hours, minutes = word[:i], strings.TrimSuffix(word[i+1:], ":00")
	} else if len(word) == 4 {
		hours, minutes = word[:2], word[2:]
	}
	if len(hours) < 1 || len(hours) > 2 || len(minutes) != 2 || strings.Trim(hours+minutes, "0123456789") != "" {
		return 0, false
	}
	h, errH := strconv.Atoi(hours)
	m, errM := strconv.Atoi(minutes)
	if errH != nil || errM != nil || m > 59 {
		return 0, false
	}
	switch {
	case half == "am" || half == "pm":
		if h < 1 || h > 12 {
			return 0, false
		}
		h %= 12
		if half == "pm" {
			h += 12
		}
	case h == 24 && m == 0:
		h = 0
	case h > 23:
		return 0, false
	}
	return h*60 + m, true
}

// interval writes minutes as 4h or 30m.
func interval(minutes int) string {
	if minutes%60 == 0 {
		return strconv.Itoa(minutes/60) + "h"
	}
	return strconv.Itoa(minutes) + "m"
}

// shortDays lists weekdays as Mon, Tue …, the week starting on Monday.
func shortDays(dow uint64) []string {
	var list []string
	for i := 1; i <= 7; i++ {
		if dow&(1<<uint(i%7)) != 0 {
			list = append(list, dayNames[i%7][:3])
		}
	}
	return list
}

// Describe says in English when the schedule runs, as the tail of a sentence:
// "every weekday (Mon–Fri) at 07:30".
func (s Schedule) Describe() string {
	s = s.or()
	var on string
	if day, ok := s.days.monthly(); ok {
		on = "on the " + nth(day) + " of every month"
	} else if dow, ok := s.days.weekly(); ok {
		on = describeDays(dow)
	} else {
		return fmt.Sprintf("by the cron line %q", s.text)
	}
	if s.every > 0 {
		every := "every " + count(s.every, 1, "minute")
		if s.every%60 == 0 {
			every = "every " + count(s.every, 60, "hour")
		}
		if on == "every day" {
			return every + ", counted from midnight"
		}
		return every + ", counted from midnight, " + on
	}
	when := make([]string, len(s.times))
	for i, at := range s.times {
		when[i] = clock(at)
	}
	if len(when) > 6 {
		return fmt.Sprintf("%s at %d times from %s to %s", on, len(when), when[0], when[len(when)-1])
	}
	return on + " at " + list(when)
}

func describeDays(dow uint64) string {
	switch {
	case dow == allDow&^star:
		return "every day"
	case dow == workdays:
		return "every weekday (Mon–Fri)"
	case dow == weekend:
		return "every Saturday and Sunday"
	case bits.OnesCount64(dow) == 1:
		return "every " + dayNames[bits.TrailingZeros64(dow)]
	}
	var names []string
	for i := 1; i <= 7; i++ {
		if dow&(1<<uint(i%7)) != 0 {
			names = append(names, dayNames[i%7])
		}
	}
	return "every " + list(names)
}

// count writes minutes in a unit: "hour", "4 hours".
func count(minutes, per int, unit string) string {
	if n := minutes / per; n != 1 {
		return strconv.Itoa(n) + " " + unit + "s"
	}
	return unit
}

// list joins with commas and a last "and".
func list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}
