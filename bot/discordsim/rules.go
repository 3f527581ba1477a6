package discordsim

import (
	"fmt"
	"strings"
)

// problem is one broken rule of one request.
type problem struct {
	path string // "embeds.0.description", "" for the request itself
	code string // Discord's name for the rule: BASE_TYPE_MAX_LENGTH
	text string
	// mild: Discord would accept it; it is reported, not refused.
	mild bool
}

// String is the problem as a violation words it: the path, then the rule.
func (p problem) String() string {
	if p.path == "" {
		return p.text
	}
	return p.path + ": " + p.text
}

// problems collects what is wrong with a request.
type problems []problem

func (ps *problems) add(path, code, format string, args ...any) {
	*ps = append(*ps, problem{path: path, code: code, text: fmt.Sprintf(format, args...)})
}

func (ps *problems) frown(path, code, format string, args ...any) {
	*ps = append(*ps, problem{path: path, code: code, text: fmt.Sprintf(format, args...), mild: true})
}

func (ps *problems) required(path string) {
	ps.add(path, "BASE_TYPE_REQUIRED", "This field is required")
}

// length checks a string that may be absent: at most most code points.
func (ps *problems) length(path, s string, most int) {
	if runes(s) > most {
		ps.add(path, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
	}
}

// between checks a string that must be there.
func (ps *problems) between(path, s string, least, most int) {
	switch n := runes(s); {
	case n == 0 && least > 0:
		ps.required(path)
	case n < least || n > most:
		ps.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	}
}

// count checks the length of a list.
func (ps *problems) count(path string, n, least, most int) {
	if n < least || n > most {
		ps.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	}
}

// refused reports whether Discord would refuse a request with these problems.
func (ps problems) refused() bool {
	for _, p := range ps {
		if !p.mild {
			return true
		}
	}
	return false
}

// tree is the "errors" member of Discord's answer: objects along each path,
// ending in a list named _errors.
func (ps problems) tree() object {
	root := object{}
	for _, p := range ps {
		if p.mild {
			continue
		}
		node := root
		if p.path != "" {
			for _, part := range strings.Split(p.path, ".") {
				next, ok := node[part].(object)
				if !ok {
					next = object{}
					node[part] = next
				}
				node = next
			}
		}
		errs, _ := node["_errors"].([]any)
		node["_errors"] = append(errs, object{"code": p.code, "message": p.text})
	}
	return root
}
