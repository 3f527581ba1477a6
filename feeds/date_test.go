package feeds

import (
	"testing"
	"time"
)

// TestDatesAreReadAsPublishersWriteThem has one moment, 2 March 2026, 08:30:05
// UTC, in the ways met in feeds; "day" and "minute" are how exactly it is told.
func TestDatesAreReadAsPublishersWriteThem(t *testing.T) {
	t.Parallel()
	second := time.Date(2026, 3, 2, 8, 30, 5, 0, time.UTC)
	minute := second.Truncate(time.Minute)
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	month := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		// RFC 822 and what became of it
		"Mon, 02 Mar 2026 08:30:05 GMT":         second,
		"Mon, 02 Mar 2026 08:30:05 +0000":       second,
		"Mon, 02 Mar 2026 08:30:05 -0000":       second,
		"Mon, 02 Mar 2026 08:30:05 UT":          second,
		"Mon, 02 Mar 2026 08:30:05 UTC":         second,
		"Mon, 02 Mar 2026 08:30:05 Z":           second,
		"Mon, 02 Mar 2026 08:30:05":             second,
		"Mon, 2 Mar 2026 08:30:05 GMT":          second,
		"02 Mar 2026 08:30:05 GMT":              second,
		"2 Mar 2026 08:30 GMT":                  minute,
		"Mon, 02 Mar 26 08:30:05 GMT":           second,
		"Monday, 02 March 2026 08:30:05 GMT":    second,
		"Monday, March 2, 2026 08:30:05 GMT":    second,
		"Mon 02 Mar 2026 08:30:05 GMT":          second,
		"Mon,02 Mar 2026 08:30:05 GMT":          second,
		"Mon, 02 Mar 2026 09:30:05 +0100":       second,
		"Mon, 02 Mar 2026 09:30:05 +01:00":      second,
		"Mon, 02 Mar 2026 09:30:05 CET":         second,
		"Mon, 02 Mar 2026 03:30:05 EST":         second,
		"Mon, 02 Mar 2026 00:30:05 PST":         second,
		"Mon, 02 Mar 2026 01:30:05 PDT":         second,
		"Mon, 02 Mar 2026 17:30:05 JST":         second,
		"Mon, 02 Mar 2026 14:00:05 IST":         second,
		"Mon, 02 Mar 2026 08:30:05 GMT+00:00":   second,
		"Mon, 02 Mar 2026 08:30:05 +0000 (UTC)": second,
		"  Mon,  02 Mar 2026\n08:30:05 GMT  ":   second,
		"Sun, 02 Mar 2026 08:30:05 GMT":         second, // it was a Monday
		"Mon Mar  2 08:30:05 2026":              second,
		"Mon Mar 2 08:30:05 UTC 2026":           second,
		"Mon, 02 Mar 2026":                      day,
		"2 March 2026":                          day,
		"March 2, 2026":                         day,
		"Mar 2, 2026 08:30":                     minute,
		// RFC 3339, ISO 8601 and what became of them
		"2026-03-02T08:30:05Z":           second,
		"2026-03-02t08:30:05z":           second,
		"2026-03-02T08:30:05.000Z":       second,
		"2026-03-02T08:30:05+00:00":      second,
		"2026-03-02T09:30:05+0100":       second,
		"2026-03-02T09:30:05+01":         second,
		"2026-03-02T08:30:05":            second,
		"2026-03-02T08:30Z":              minute,
		"2026-03-02T08:30":               minute,
		"2026-03-02T09:30+01:00":         minute,
		"2026-03-02 08:30:05":            second,
		"2026-03-02 08:30:05 UTC":        second,
		"2026-03-02 08:30:05 +0000":      second,
		"2026-03-02 09:30:05+01:00":      second,
		"2026-03-02 08:30":               minute,
		"2026-3-2 08:30:05":              second,
		"2026-03-02T8:30:05Z":            second,
		"2026-03-02":                     day,
		"2026/03/02 08:30:05":            second,
		"2026/3/2":                       day,
		"2026.03.02":                     day,
		"20260302T083005Z":               second,
		"20260302":                       day,
		"2026-03":                        month,
		"2026-03-02T08:30:05.000Z+00:00": {},
		// other languages
		"Mo, 02 Mär 2026 08:30:05 GMT":    second,
		"lun., 02 mars 2026 08:30:05 GMT": second,
		"Seg, 02 Mar 2026 05:30:05 -0300": second,
		"lun, 02 mar 2026 09:30:05 +0100": second,
		"ma, 02 mrt 2026 09:30:05 +0100":  second,
		"mar., 02 mars 2026 08:30:05 GMT": second, // a Tuesday's name
		"mar, 02 mar 2026 09:30:05 +0100": second,
		"2 de marzo de 2026":              day,
		"2. März 2026 08:30":              minute,
		"2 março 2026 08:30:05":           second,
		"2.3.2026 08:30":                  minute,
		"02.03.2026":                      day,
		"2026年3月2日":                       day,
		// nonsense
		"":                              {},
		"soon":                          {},
		"0000-00-00 00:00:00":           {},
		"Thu, 01 Jan 1970 00:00:00 GMT": {},
		"31 Feb 2026 08:30:05 GMT":      {},
		"0001-01-01T00:00:00Z":          {},
		"9999-12-31T23:59:59Z":          {},
		"1772440205":                    {},
	} {
		if got := readDate(text); !got.Equal(want) || !got.IsZero() && got.Location() != time.UTC {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
