package config

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const day = 24 * time.Hour

// parseDuration reads 90s, 15m, 1h30m and, beyond Go's own, 30d.
func parseDuration(s string) (time.Duration, error) {
	if n, ok := strings.CutSuffix(s, "d"); ok {
		if days, err := strconv.Atoi(n); err == nil && days >= 0 && days <= 100*365 {
			return time.Duration(days) * day, nil
		}
	}
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is no duration; write 90s, 15m, 12h or 30d", s)
	case d < 0:
		return 0, fmt.Errorf("%q is negative", s)
	}
	return d, nil
}

// showDuration writes what parseDuration reads, without zero parts.
func showDuration(d time.Duration) string {
	if d >= day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// sizeUnits are the units of parseSize, the largest first. Never written to.
var sizeUnits = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"KB", 1e3}, {"B", 1}}

const leastSize, mostSize = 1 << 10, 1 << 30

// parseSize reads a number of bytes with or without a unit.
func parseSize(s string) (int64, error) {
	number, unit := s, int64(1)
	for _, u := range sizeUnits {
		if rest, ok := strings.CutSuffix(s, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > mostSize/unit || n*unit < leastSize {
		return 0, fmt.Errorf("%q is no size from 1KiB to 1GiB; write 5MiB", s)
	}
	return n * unit, nil
}

func showSize(n int64) string {
	for _, u := range sizeUnits {
		if n >= u.bytes && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10)
}

// parseID reads a Discord id (snowflake); empty means none.
func parseID(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	// A snowflake counts milliseconds since 2015 in its upper bits, so real ones
	// have 17 to 20 digits.
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id <= 0 || len(s) < 15 {
		return 0, fmt.Errorf("%q is no Discord id; enable Developer Mode in Discord and choose Copy ID", s)
	}
	return id, nil
}

// parseToken reads the bot's token. Its errors do not show it.
func parseToken(s string) (Secret, error) {
	s = strings.TrimSpace(s)
	s = strings.TrimPrefix(s, "Bot ")
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r > unicode.MaxASCII || unicode.IsControl(r) }) {
		return "", errors.New("holds blanks or signs that no token has; copy it again from Discord's Developer Portal, page Bot")
	}
	return Secret(s), nil
}

// checkContact refuses what would break the User-Agent header.
func checkContact(s string) error {
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune("();", r) }) {
		return fmt.Errorf("%q cannot stand in a User-Agent; write an address such as https://example.org/bot or a mailbox", s)
	}
	return nil
}

func checkListen(s string) error {
	_, port, err := net.SplitHostPort(s)
	if n, errPort := strconv.Atoi(port); err != nil || errPort != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is no HOST:PORT; write 127.0.0.1:9090 or :9090", s)
	}
	return nil
}

// splitList cuts a list as the environment writes it.
func splitList(s string) []string {
	var list []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
