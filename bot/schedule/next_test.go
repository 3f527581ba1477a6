package schedule

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Each row is a night on which clocks change: the runs that follow the start, as
// the local clock and its offset show them.
func TestNextOnNightsOfClockChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, schedule, zone, after string
		want                        []string
	}{
		{"Berlin skips 02:30 in spring: it runs at 03:00", "daily 02:30", "Europe/Berlin", "2026-03-28 12:00 +0100",
			[]string{"2026-03-29 03:00 +0200", "2026-03-30 02:30 +0200"}},
		{"Berlin shows 02:30 twice in autumn: it runs once", "daily 02:30", "Europe/Berlin", "2026-10-24 12:00 +0200",
			[]string{"2026-10-25 02:30 +0200", "2026-10-26 02:30 +0100"}},
		{"between the two 02:30 nothing is due", "daily 02:30", "Europe/Berlin", "2026-10-25 02:15 +0100",
			[]string{"2026-10-26 02:30 +0100"}},
		{"several times in one gap are one run", "0,15,30,45 2 * * *", "Europe/Berlin", "2026-03-29 01:00 +0100",
			[]string{"2026-03-29 03:00 +0200", "2026-03-30 02:00 +0200"}},
		{"a time at the gap's end and one inside are one run", "daily 02:30, 03:00", "Europe/Berlin", "2026-03-29 01:00 +0100",
			[]string{"2026-03-29 03:00 +0200", "2026-03-30 02:30 +0200"}},
		{"every hour in spring", "hourly", "Europe/Berlin", "2026-03-29 00:30 +0100",
			[]string{"2026-03-29 01:00 +0100", "2026-03-29 03:00 +0200", "2026-03-29 04:00 +0200"}},
		{"every hour in autumn", "hourly", "Europe/Berlin", "2026-10-25 01:30 +0200",
			[]string{"2026-10-25 02:00 +0200", "2026-10-25 03:00 +0100"}},
		{"every 4h stays on the wall clock", "every 4h", "Europe/Berlin", "2026-10-24 23:00 +0200",
			[]string{"2026-10-25 00:00 +0200", "2026-10-25 04:00 +0100", "2026-10-25 08:00 +0100"}},
		{"a day schedule keeps its hour over both changes", "daily 08:00", "America/New_York", "2026-03-07 20:00 -0500",
			[]string{"2026-03-08 08:00 -0400", "2026-03-09 08:00 -0400"}},
		{"Lord Howe moves by half an hour: 02:15 is skipped", "daily 02:15", "Australia/Lord_Howe", "2026-10-03 12:00 +1030",
			[]string{"2026-10-04 02:30 +1100", "2026-10-05 02:15 +1100"}},
		{"Lord Howe shows 01:45 twice", "daily 01:45", "Australia/Lord_Howe", "2026-04-04 12:00 +1100",
			[]string{"2026-04-05 01:45 +1100", "2026-04-06 01:45 +1030"}},
		{"São Paulo had no midnight on a night of 2018", "daily 00:00", "America/Sao_Paulo", "2018-11-03 12:00 -0300",
			[]string{"2018-11-04 01:00 -0200", "2018-11-05 00:00 -0200"}},
		{"São Paulo showed 23:30 twice in 2019", "daily 23:30", "America/Sao_Paulo", "2019-02-16 12:00 -0200",
			[]string{"2019-02-16 23:30 -0200", "2019-02-17 23:30 -0300"}},
		{"São Paulo's midnight after the repeated hour is one", "daily 00:00", "America/Sao_Paulo", "2019-02-16 23:30 -0200",
			[]string{"2019-02-17 00:00 -0300", "2019-02-18 00:00 -0300"}},
		{"Asunción had no midnight in spring", "daily 00:15", "America/Asuncion", "2023-09-30 12:00 -0400",
			[]string{"2023-10-01 01:00 -0300", "2023-10-02 00:15 -0300"}},
		{"Asunción showed 23:15 twice in autumn", "every 12h", "America/Asuncion", "2023-03-25 13:00 -0300",
			[]string{"2023-03-26 00:00 -0400", "2023-03-26 12:00 -0400"}},
		{"Troll skips two hours", "daily 02:30", "Antarctica/Troll", "2026-03-28 12:00 +0000",
			[]string{"2026-03-29 03:00 +0200", "2026-03-30 02:30 +0200"}},
		{"Troll shows two hours twice", "daily 02:30", "Antarctica/Troll", "2026-10-24 12:00 +0200",
			[]string{"2026-10-25 02:30 +0200", "2026-10-26 02:30 +0000"}},
		{"Apia skipped a whole day: its run comes when the next begins", "daily 08:00", "Pacific/Apia", "2011-12-29 12:00 -1000",
			[]string{"2011-12-31 00:00 +1400", "2011-12-31 08:00 +1400", "2012-01-01 08:00 +1400"}},
		{"a weekday is that of the zone", "Mondays 00:30", "Pacific/Auckland", "2026-11-22 00:00 +0000",
			[]string{"2026-11-23 00:30 +1300", "2026-11-30 00:30 +1300"}},
		{"29 February is waited for over the year 2100", "0 8 29 2 *", "UTC", "2096-02-29 08:00 +0000",
			[]string{"2104-02-29 08:00 +0000"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := Parse(test.schedule)
			if err != nil {
				t.Fatal(err)
			}
			loc, err := LoadZone(test.zone)
			if err != nil {
				t.Fatal(err)
			}
			const layout = "2006-01-02 15:04 -0700"
			now, err := time.Parse(layout, test.after)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for range test.want {
				now = s.Next(now, loc)
				got = append(got, now.Format(layout))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%q in %s after %s (-want +got):\n%s", test.schedule, test.zone, test.after, diff)
			}
		})
	}
}

// Every night of a year in every zone that is offered: a daily digest runs once
// on each date, at its time wherever the clocks show it.
func TestDailyRunsOnceADateInEveryZone(t *testing.T) {
	t.Parallel()
	s, err := Parse("daily 02:30")
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range offeredZones() {
		loc, err := LoadZone(zone)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, loc)
		for day := range 365 {
			now = s.Next(now, loc)
			if now.YearDay() != day+1 {
				t.Fatalf("%s: run %d of the year is at %v", zone, day+1, now)
			}
			if shown := now.Format("15:04"); shown != "02:30" {
				// The clocks must have skipped it: just before the run they showed less.
				before := now.Add(-time.Nanosecond).Format("15:04")
				if before >= "02:30" && before < shown {
					t.Errorf("%s: run at %v though the clocks showed 02:30 that day", zone, now)
				}
			}
		}
	}
}

func FuzzNextIsLaterAndNeverZero(f *testing.F) {
	for _, text := range []string{"daily 08:00", "every 4h", "0 8 31 2 *", "TZ=0", "0 0 29 2 *", "Mon,Thu 18:30", "@daily", "", "*/59 * * * *", "every 1439m", "1st 8"} {
		f.Add(text, "Europe/Berlin", int64(1_793_000_000))
	}
	f.Add("daily 00:00", "America/Sao_Paulo", int64(1_541_250_000))
	f.Add("daily 08:00", "Pacific/Apia", int64(1_325_180_000))
	f.Add("hourly", "Antarctica/Troll", int64(-60_000_000_000))
	f.Fuzz(func(t *testing.T, text, zone string, unix int64) {
		s, err := Parse(text)
		if err != nil {
			if s.text != "" {
				t.Errorf("Parse(%q) gives both %q and %v", text, s, err)
			}
			return
		}
		again, err := Parse(s.String())
		if err != nil || again.String() != s.String() {
			t.Fatalf("Parse(%q) is %q, which reads back as %q, %v", text, s, again, err)
		}
		loc, err := LoadZone(zone)
		if err != nil {
			loc = time.UTC
		}
		now := time.Unix(unix%200_000_000_000, 0) // years −4368 to 8307
		for range 3 {
			next := s.Next(now, loc)
			if next.IsZero() || !next.After(now) {
				t.Fatalf("%q in %s: next run after %v is %v", text, loc, now, next)
			}
			if other := again.Next(now, loc); !other.Equal(next) {
				t.Fatalf("%q runs at %v, read back as %q at %v", text, next, again, other)
			}
			if gap := next.Sub(now); gap > 9*366*24*time.Hour {
				t.Fatalf("%q in %s: next run after %v only at %v", text, loc, now, next)
			}
			now = next
		}
	})
}
