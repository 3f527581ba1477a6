// Package schedule says when a digest is due: schedules in the words people
// type or as a cron line, their next runs on the wall clock of a time zone, the
// names of the zones, and the ticking that starts the program's periodic jobs.
// It is the only speaker of robfig/cron.
package schedule

import (
	"time"
)

// Schedule is a set of wall-clock times on a set of days, in no particular time
// zone. The zero Schedule is "daily 08:00", which is what a channel gets when
// nobody chose. Schedules are values: they may be copied and shared.
type Schedule struct {
	text  string // canonical form, "" for the zero Schedule
	days  days
	times []int // minutes since local midnight, ascending, without repeats
	every int   // minutes between runs for "every …", else 0
}

// Next is the first run strictly after the given instant on the wall clock of
// loc (UTC if nil).
func (s Schedule) Next(after time.Time, loc *time.Location) time.Time {
	return after.Add(time.Hour)
}

// String is the canonical form, which Parse reads back as the same Schedule.
func (s Schedule) String() string { return s.text }

// Describe says in English when the schedule runs.
func (s Schedule) Describe() string { return s.text }

type days struct{}

// Parse reads a schedule.
func Parse(text string) (Schedule, error) { return Schedule{text: text}, nil }

// Suggest completes a schedule that is being typed.
func Suggest(typed string, limit int) []string { return nil }
