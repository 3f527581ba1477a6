package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"broadsheet/bot/schedule"
)

// origin is where a value was written.
type origin struct {
	file string // file, environment variable or "command line"
	line int    // in the file, else 0
}

// String is FILE:LINE or the name.
func (o origin) String() string {
	if o.line == 0 {
		return o.file
	}
	return fmt.Sprintf("%s:%d", o.file, o.line)
}

// setting is an option's values as one source gives them.
type setting struct {
	values []string
	from   origin
}

// loader gathers what the sources say and every problem with it.
type loader struct {
	config   *Config
	file     string
	set      map[string][]setting // by option, the weakest source first
	anchors  map[string]entry
	problems []Problem
}

func (l *loader) problem(at origin, format string, args ...any) {
	l.problems = append(l.problems, Problem{File: at.file, Line: at.line, Text: fmt.Sprintf(format, args...)})
}

// problems1 reports each of the errors that were joined to one.
func (l *loader) problems1(at origin, name string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			l.problem(at, "%s: %v", name, e)
		}
		return
	}
	l.problem(at, "%s: %v", name, err)
}

func (l *loader) at(line int) origin { return origin{l.file, line} }

// sorted is the problems of the file in its order, then the others as found.
func (l *loader) sorted() *Problems {
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Compare(a.Line, b.Line)
	})
	all := Problems(l.problems)
	return &all
}

// envPrefix begins the name of every variable that is ours.
const envPrefix = "BROADSHEET_"

// envName is the variable of an option.
func envName(option string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(option, ".", "_"))
}

// aliases are the variables that Discord's bots use by custom.
func aliases() map[string]string {
	return map[string]string{"DISCORD_TOKEN": "discord.token", "DISCORD_TOKEN_FILE": "discord.token_file"}
}

// readEnviron takes the options from the environment. An empty variable counts
// as not set, since compose files pass on variables that nobody set.
func (l *loader) readEnviron(environ []string) {
	names, known := map[string]string{}, []string{}
	for _, o := range options() {
		names[envName(o.name)] = o.name
		known = append(known, envName(o.name))
	}
	given := map[string]string{}
	for _, pair := range environ {
		if variable, value, _ := strings.Cut(pair, "="); value != "" {
			given[variable] = value
		}
	}
	for _, variable := range slices.Sorted(maps.Keys(given)) {
		option, ours := names[variable]
		switch {
		case ours:
			l.add(option, given[variable], origin{file: variable})
		case strings.HasPrefix(variable, envPrefix) && !forTests(variable):
			l.problem(origin{file: variable}, "is the variable of no option%s", meant(variable, known))
		}
	}
	for _, variable := range []string{"DISCORD_TOKEN", "DISCORD_TOKEN_FILE"} {
		option, value := aliases()[variable], given[variable]
		own := given[envName(option)]
		if value != "" && own != "" && own != value {
			l.problem(origin{file: variable}, "differs from %s; set one of them", envName(option))
		} else if value != "" && own == "" {
			l.add(option, value, origin{file: variable})
		}
	}
}

// forTests reports whether a variable steers the tests and not the program.
func forTests(variable string) bool {
	return variable == "BROADSHEET_SHARED" || strings.HasPrefix(variable, "BROADSHEET_TEST_")
}

// commandLine is the origin of what flags set.
const commandLine = "command line"

// readFlags takes options from the command line, by option name.
func (l *loader) readFlags(flags map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		l.add(name, flags[name], origin{file: commandLine})
	}
}

// add notes what a variable or flag says; lists are written with commas there.
func (l *loader) add(option, value string, from origin) {
	values := []string{value}
	for _, o := range options() {
		if o.name == option && o.list {
			values = splitList(value)
		}
	}
	l.set[option] = append(l.set[option], setting{values, from})
}

// apply checks every setting of every source and keeps the strongest.
func (l *loader) apply() {
	l.oneToken()
	for _, o := range options() {
		for _, s := range l.set[o.name] {
			if err := o.set(l.config, s.values); err != nil {
				l.problem(s.from, "%s: %v", o.name, err)
			}
			l.config.from[o.name] = s.from
		}
		delete(l.set, o.name)
	}
	for _, name := range slices.Sorted(maps.Keys(l.set)) {
		l.problem(l.set[name][0].from, "%s is no option", name) // a flag that the program sets by itself
	}
	c := l.config
	if c.Fetch.MaxInterval < c.Fetch.Interval {
		l.problem(c.from["fetch.max_interval"].or(c.from["fetch.interval"]), "fetch.max_interval (%s) is shorter than fetch.interval (%s)",
			showDuration(c.Fetch.MaxInterval), showDuration(c.Fetch.Interval))
	}
}

func (o origin) or(other origin) origin {
	if o.file == "" {
		return other
	}
	return o
}

// strength orders the sources: the file, the environment, the command line.
func (o origin) strength() int {
	switch {
	case o.file == commandLine:
		return 2
	case o.line > 0:
		return 0
	}
	return 1
}

// oneToken settles between discord.token and discord.token_file: the stronger
// source wins; both in one source is a mistake. The file's content becomes a
// setting of discord.token.
func (l *loader) oneToken() {
	tokens, files := l.set["discord.token"], l.set["discord.token_file"]
	if len(files) == 0 {
		return
	}
	file := files[len(files)-1]
	if len(tokens) > 0 {
		token := tokens[len(tokens)-1]
		switch {
		case token.from.strength() > file.from.strength():
			return
		case token.from.strength() == file.from.strength():
			l.problem(file.from, "discord.token_file: discord.token is set too; set one of them")
			return
		}
	}
	if len(file.values) != 1 {
		return // apply says that one value is wanted
	}
	token, err := readToken(file.values[0])
	if err != nil {
		l.problem(file.from, "discord.token_file: %v", err)
		return
	}
	l.set["discord.token"] = append(l.set["discord.token"], setting{[]string{token}, file.from})
}

// maxToken bounds what is read of a token's file, in bytes.
const maxToken = 4096

func readToken(path string) (string, error) {
	content, err := readBounded(path, maxToken)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		return "", fmt.Errorf("the file %s is empty", path)
	}
	return token, nil
}

// readBounded reads a small file whole.
func readBounded(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("the file %s cannot be read: %w", path, bare(err))
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a directory", path)
	}
	if info.Size() > most {
		return nil, fmt.Errorf("the file %s has %d bytes; the most is %d", path, info.Size(), most)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the file %s cannot be read: %w", path, bare(err))
	}
	return content, nil
}

// bare is the cause of a *os.PathError, whose own text repeats the path.
func bare(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// nearestOption is the option that an unknown name probably means: by its whole
// path, or by its last part.
func nearestOption(name string) string {
	var whole, last []string
	for _, o := range options() {
		whole = append(whole, o.name)
		part := o.name[strings.LastIndexByte(o.name, '.')+1:]
		last = append(last, part)
		if part == name[strings.LastIndexByte(name, '.')+1:] {
			return o.name
		}
	}
	if near := schedule.Nearest(name, whole); near != "" {
		return near
	}
	if near := schedule.Nearest(name[strings.LastIndexByte(name, '.')+1:], last); near != "" {
		return whole[index(last, near)]
	}
	return schedule.Nearest(name, []string{"feeds", "digests"})
}
