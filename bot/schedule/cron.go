package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/robfig/cron/v3"
)

// looksLikeCron tells a cron line from words: it starts with a field of digits
// and cron's marks and has others, or with "@", or names a zone as crontabs do.
func looksLikeCron(text string) bool {
	fields := strings.Fields(text)
	first := strings.ToUpper(fields[0])
	switch {
	case strings.HasPrefix(first, "@"), strings.HasPrefix(first, "TZ="), strings.HasPrefix(first, "CRON_TZ="):
		return true
	case strings.Trim(first, "0123456789*?/,-") != "":
		return false
	case strings.ContainsAny(first, "*?/"):
		return true
	}
	return slices.Contains(fields, "*") || len(fields) == 5 && allCron(fields)
}

// allCron reports whether every field could be one of a cron line's.
func allCron(fields []string) bool {
	for i, f := range fields {
		letters := ""
		if i >= 3 {
			letters = "abcdefghijklmnopqrstuvwxyz"
		}
		if strings.Trim(strings.ToLower(f), "0123456789*?/,-"+letters) != "" {
			return false
		}
	}
	return true
}

// parseCron reads a cron line with cron's own parser.
func parseCron(text string) (Schedule, error) {
	upper := strings.ToUpper(text)
	// cron's parser panics on TZ= without a space behind it.
	if strings.Contains(upper, "TZ=") {
		return Schedule{}, fmt.Errorf("the cron line %q names a time zone; choose it apart from the schedule and leave TZ= out", text)
	}
	if strings.HasPrefix(upper, "@EVERY") {
		return Schedule{}, fmt.Errorf("%q counts from the program's start; write \"every 4h\", which counts from midnight", text)
	}
	line := strings.ToLower(text)
	if !strings.HasPrefix(line, "@") {
		fields := strings.Fields(line)
		if err := fieldCount(fields); err != nil {
			return Schedule{}, err
		}
		fields[4] = sundays(fields[4])
		line = strings.Join(fields, " ")
	}
	parsed, err := cron.ParseStandard(line)
	if err != nil {
		return Schedule{}, unreadable(text, line)
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return Schedule{}, fmt.Errorf("the cron line %q has no times of the day; %s", text, accepted)
	}
	if spec.Minute == 0 || spec.Hour == 0 || spec.Dom == 0 || spec.Month == 0 || spec.Dow == 0 {
		return Schedule{}, unreadable(text, line) // a field of commas alone
	}
	return Schedule{text: text, days: days{spec.Dom, spec.Month, spec.Dow}, times: times(spec)}, nil
}

// cronFields are the fields of a cron line and what they hold. Never written to.
var cronFields = [...]struct{ name, holds string }{
	{"minute", "0-59"}, {"hour", "0-23"}, {"day of month", "1-31"}, {"month", "1-12 or jan-dec"}, {"day of week", "0-7 or sun-sat"},
}

// unreadable names the field that cron's parser refuses. Its own message speaks
// of Go functions, so it is not passed on.
func unreadable(text, line string) error {
	if strings.HasPrefix(line, "@") {
		return fmt.Errorf("%q is not known; @hourly, @daily, @weekly, @monthly and @yearly are", text)
	}
	fields := strings.Fields(line)
	for i, field := range fields {
		alone := []string{"0", "0", "1", "1", "*"}
		alone[i] = field
		if _, err := cron.ParseStandard(strings.Join(alone, " ")); err != nil || strings.Trim(field, ",") == "" {
			return fmt.Errorf("the %s %q of the cron line %q cannot be read; it holds %s, *, lists (1,2), ranges (1-5) and steps (*/2)",
				cronFields[i].name, field, text, cronFields[i].holds)
		}
	}
	return fmt.Errorf("the cron line %q cannot be read; %s", text, accepted)
}

func fieldCount(fields []string) error {
	switch n := len(fields); {
	case n == 5:
		return nil
	case n == 6 || n == 7:
		return fmt.Errorf("the cron line has %d fields; five are wanted, without seconds or years: minute, hour, day of month, month, day of week", n)
	default:
		return errors.New("a cron line has five fields: minute, hour, day of month, month, day of week; " + accepted)
	}
}

// sundays writes Sunday as 0 where a crontab may say 7 or end a range with it,
// which cron's parser refuses.
func sundays(field string) string {
	parts := strings.Split(field, ",")
	for i, part := range parts {
		from, to, isRange := strings.Cut(part, "-")
		switch {
		case part == "7":
			parts[i] = "0"
		case isRange && (to == "7" || to == "sun") && from != "0" && from != "sun" && from != "7":
			parts[i] = from + "-6,0"
		}
	}
	return strings.Join(parts, ",")
}

// times lists a spec's minutes of the day.
func times(spec *cron.SpecSchedule) []int {
	var list []int
	for hour := range 24 {
		for minute := range 60 {
			if spec.Hour&(1<<uint(hour)) != 0 && spec.Minute&(1<<uint(minute)) != 0 {
				list = append(list, hour*60+minute)
			}
		}
	}
	return list
}
