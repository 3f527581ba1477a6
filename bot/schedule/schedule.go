// Package schedule says when a digest is due: schedules in the words people
// type or as a cron line, their next runs on the wall clock of a time zone, the
// names of the zones, and the ticking that starts the program's periodic jobs.
// It is the only speaker of robfig/cron.
package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// MinInterval is the shortest time between two runs that Parse accepts. Feeds
// are not read more often, so a tighter digest could only be empty.
const MinInterval = 5 * time.Minute

// maxLength bounds what Parse reads, in bytes. Discord's options may hold 6,000
// characters; no schedule needs so many.
const maxLength = 200

const minutesPerDay = 24 * 60

// Schedule is a set of wall-clock times on a set of days, in no particular time
// zone. The zero Schedule is "daily 08:00", which is what a channel gets when
// nobody chose. Schedules are values: they may be copied and shared.
type Schedule struct {
	text  string // canonical form, "" for the zero Schedule
	days  days
	times []int // minutes since local midnight, ascending, without repeats
	every int   // minutes between runs for "every …", else 0
}

// Parse reads a schedule: words ("daily 08:00", "weekdays 7:30", "Mon,Thu
// 6:30pm", "every 4h", "hourly", "8am", "monthly 1st 09:00"; days without a time
// mean 08:00, a time without days means daily) or a cron line of five fields or
// "@daily". The error says in a sentence what is wrong and what is accepted. A
// time zone is no part of a schedule, so TZ= and CRON_TZ= are refused, as are
// schedules that never run and those that run more often than MinInterval.
func Parse(text string) (Schedule, error) {
	if len(text) > maxLength {
		return Schedule{}, fmt.Errorf("the schedule is longer than %d characters; %s", maxLength, accepted)
	}
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return Schedule{}, errors.New("the schedule is empty; " + accepted)
	}
	parse := parsePhrase
	if looksLikeCron(text) {
		parse = parseCron
	}
	s, err := parse(text)
	if err != nil {
		return Schedule{}, err
	}
	if err := s.check(text); err != nil {
		return Schedule{}, err
	}
	return s, nil
}

const accepted = `write for example "daily 08:00", "weekdays 07:30", "Mon,Thu 18:30", "every 4h" or a cron line such as "30 7 * * 1-5"`

// check refuses what parses but cannot serve.
func (s Schedule) check(text string) error {
	if len(s.times) == 0 || !s.days.happen() {
		return fmt.Errorf("the schedule %q never runs: its months have no such day", text)
	}
	least := int(MinInterval / time.Minute)
	for i, at := range s.times {
		next := s.times[0] + minutesPerDay
		if i+1 < len(s.times) {
			next = s.times[i+1]
		}
		if next-at < least {
			return fmt.Errorf("the schedule %q runs %d min after another run (%s and %s); the least is %d min",
				text, next-at, clock(at), clock(next%minutesPerDay), least)
		}
	}
	return nil
}

// or returns the default schedule for the zero value.
func (s Schedule) or() Schedule {
	if s.times == nil {
		return Schedule{text: "daily 08:00", days: everyDay, times: []int{8 * 60}}
	}
	return s
}

// String is the canonical form, which Parse reads back as the same Schedule.
func (s Schedule) String() string { return s.or().text }

// searchDays is the longest time between two runs of a schedule that happens at
// all: from 29 February of 2096 to that of 2104, and some days to spare.
const searchDays = 9 * 366

// Next is the first run strictly after the given instant on the wall clock of
// loc (UTC if nil); it is never the zero time. A time that the clocks skip runs
// at the first instant after the gap; a time that they show twice runs the first
// time only. Several times in one gap are one run.
func (s Schedule) Next(after time.Time, loc *time.Location) time.Time {
	s = s.or()
	if loc == nil {
		loc = time.UTC
	}
	// A run of yesterday's date may lie ahead: where the date line moved, a whole
	// day is a gap and its runs come after it.
	y, m, d := after.In(loc).AddDate(0, 0, -1).Date()
	for range searchDays {
		date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		y, m, d = date.Date()
		if s.days.match(date) {
			for _, at := range s.times {
				if run := instant(y, m, d, at, loc); run.After(after) {
					return run
				}
			}
		}
		d++
	}
	// Parse lets no such schedule through. Were there one, a digest a day late
	// is better than one that is due at every tick.
	return after.AddDate(0, 0, 1)
}

// instant is the moment at which the clocks of loc first show the given minute
// of the given day, or the first moment after the gap in which they never do.
func instant(y int, m time.Month, d, minute int, loc *time.Location) time.Time {
	want := time.Date(y, m, d, 0, minute, 0, 0, time.UTC)
	t := time.Date(y, m, d, 0, minute, 0, 0, loc)
	start, end := t.ZoneBounds()
	if shown := wall(t); shown.After(want) {
		return start // time.Date took the offset from before the gap
	} else if shown.Before(want) {
		return end // it took the offset from after the gap
	}
	if start.IsZero() {
		return t
	}
	// time.Date does not say which of two equal wall times it gives: see whether
	// the offset before this one shows the same, in its own time.
	_, before := start.Add(-time.Second).Zone()
	if first := want.Add(-time.Duration(before) * time.Second); first.Before(start) {
		return first.In(loc)
	}
	return t
}

// wall is what the clocks show at t, as if it were UTC.
func wall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.Add(time.Duration(offset) * time.Second).UTC()
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
