package schedule

import (
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

func TestCronLinesAreToldFromWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want bool
	}{
		{"0 8 * * *", true},
		{"*/30 * * * *", true},
		{"* * * * *", true},
		{"0 8 * *", true}, // to be told that a field is missing
		{"0 0 8 * * *", true},
		{"0 8 1 1 1", true},
		{"0 8 1 jan mon", true},
		{"@daily", true},
		{"@every 5m", true},
		{"TZ=Europe/Berlin 0 8 * * *", true},
		{"cron_tz=UTC 0 8 * * *", true},
		{"8", false},
		{"8 9 10", false},
		{"8 9 10 11 12 13", false},
		{"08:00", false},
		{"8 am", false},
		{"8 30", false},
		{"daily 08:00", false},
		{"8 on mon tue wed", false},
	}
	for _, test := range tests {
		if got := looksLikeCron(test.text); got != test.want {
			t.Errorf("looksLikeCron(%q) = %t", test.text, got)
		}
	}
}

func TestSundayMayBeSeven(t *testing.T) {
	t.Parallel()
	tests := []struct{ field, want string }{
		{"7", "0"},
		{"0", "0"},
		{"1,7", "1,0"},
		{"5-7", "5-6,0"},
		{"1-5,7", "1-5,0"},
		{"fri-sun", "fri-6,0"},
		{"0-7", "0-7"}, // cron refuses it, and says so
		{"sun-tue", "sun-tue"},
		{"*/7", "*/7"},
		{"17", "17"},
	}
	for _, test := range tests {
		if got := sundays(test.field); got != test.want {
			t.Errorf("sundays(%q) = %q, want %q", test.field, got, test.want)
		}
	}
}

// Which dates match is decided by cron's rules: its own Next is the oracle.
func TestDatesMatchAsInCron(t *testing.T) {
	t.Parallel()
	for _, fields := range []string{"* * *", "1 * *", "* * 1-5", "13 * 5", "*/2 * 1", "* */2 *", "29 2 *", "31 * *", "1-7 * 1", "? 6 ?", "*/1 * 3"} {
		t.Run(fields, func(t *testing.T) {
			t.Parallel()
			oracle, err := cron.ParseStandard("0 12 " + fields)
			if err != nil {
				t.Fatal(err)
			}
			s, err := Parse("0 12 " + fields)
			if err != nil {
				t.Fatal(err)
			}
			for date := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); date.Year() < 2029; date = date.AddDate(0, 0, 1) {
				noon := date.Add(12 * time.Hour)
				want := oracle.Next(noon.Add(-time.Second)).Equal(noon)
				if got := s.days.match(date); got != want {
					t.Fatalf("%s matches %s: %t, cron says %t", fields, date.Format("Mon "+time.DateOnly), got, want)
				}
			}
		})
	}
}

func TestDaysThatNeverHappen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		days days
		want bool
	}{
		{"every day", everyDay, true},
		{"29 February", days{1 << 29, 1 << 2, allDow}, true},
		{"30 February", days{1 << 30, 1 << 2, allDow}, false},
		{"31 April", days{1 << 31, 1 << 4, allDow}, false},
		{"30 February or a Monday of February", days{1 << 30, 1 << 2, 1 << 1}, true},
		{"no month", days{allDom, 0, allDow}, false},
		{"no weekday", on(0), false},
		{"the zero value", days{}, false},
	}
	for _, test := range tests {
		if got := test.days.happen(); got != test.want {
			t.Errorf("%s happens: %t", test.name, got)
		}
	}
}

// For every minute of the days around each change of a year's clocks: the
// instant shows the wanted time, or the wanted time is in a gap that ends there;
// and nothing earlier shows it.
func TestInstantIsTheFirstThatShowsATime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		zone string
		year int
	}{
		{"Europe/Berlin", 2026},
		{"Europe/London", 2026},
		{"America/New_York", 2026},
		{"America/St_Johns", 2026},
		{"Australia/Lord_Howe", 2026},
		{"America/Sao_Paulo", 2018},
		{"America/Asuncion", 2023},
		{"Antarctica/Troll", 2026},
		{"Africa/Casablanca", 2026},
		{"Pacific/Apia", 2011},
		{"Asia/Pyongyang", 2018},
		{"America/Caracas", 2016},
		{"UTC", 2026},
	}
	for _, test := range tests {
		t.Run(test.zone, func(t *testing.T) {
			t.Parallel()
			loc, err := LoadZone(test.zone)
			if err != nil {
				t.Fatal(err)
			}
			for _, change := range changes(loc, test.year) {
				checkAround(t, change, loc)
			}
		})
	}
}

// changes lists the instants of a year at which a zone's offset changes.
func changes(loc *time.Location, year int) []time.Time {
	var list []time.Time
	at := time.Date(year, 1, 1, 12, 0, 0, 0, loc)
	for at.Year() == year {
		_, end := at.ZoneBounds()
		if end.IsZero() || end.Year() != year {
			break
		}
		list = append(list, end)
		at = end
	}
	return list
}

func checkAround(t *testing.T, change time.Time, loc *time.Location) {
	t.Helper()
	first := map[string]time.Time{} // wall time → the first instant that shows it
	for at := change.Add(-50 * time.Hour); at.Before(change.Add(50 * time.Hour)); at = at.Add(time.Minute) {
		if shown := at.In(loc).Format(time.DateTime); first[shown].IsZero() {
			first[shown] = at
		}
	}
	from, to := wall(change.Add(-26*time.Hour).In(loc)), wall(change.Add(26*time.Hour).In(loc))
	for want := from.Truncate(time.Minute); want.Before(to); want = want.Add(time.Minute) {
		y, m, d := want.Date()
		got := instant(y, m, d, want.Hour()*60+want.Minute(), loc)
		expected, exists := first[want.Format(time.DateTime)]
		if !exists {
			expected = change // in the gap
		}
		if !got.Equal(expected) {
			t.Fatalf("%s in %s is %v, want %v", want.Format(time.DateTime), loc, got, expected.In(loc))
		}
	}
}
