package sdk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// fixtures are the values that scripts name: "$config" is the value of that name, "$config.extensions.0" a part of it, and
// {$: config, …} the value with other fields.
type fixtures struct{ raw map[string]any }

var (
	wholeReference = regexp.MustCompile(`^\$([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9-]+)*)$`)
	anyReference   = regexp.MustCompile(`\$([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9-]+)*)`)
)

// fill puts fixtures in the place of their names.
func (f fixtures) fill(value any) (any, error) { return f.filled(value, nil) }

func (f fixtures) filled(value any, within []string) (any, error) {
	switch value := value.(type) {
	case string:
		return f.filledText(value, within)
	case []any:
		list := make([]any, len(value))
		for i, item := range value {
			var err error
			if list[i], err = f.filled(item, within); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		return f.filledObject(value, within)
	}
	return value, nil
}

func (f fixtures) filledText(text string, within []string) (any, error) {
	if whole := wholeReference.FindStringSubmatch(text); whole != nil {
		return f.named(whole[1], within)
	}
	var failed error
	filled := anyReference.ReplaceAllStringFunc(text, func(name string) string {
		part, err := f.named(name[1:], within)
		if err != nil {
			failed = err
		}
		return fmt.Sprint(part)
	})
	return filled, failed
}

// filledObject makes an object; what stands beside "$" goes over the fields of the fixture.
func (f fixtures) filledObject(object map[string]any, within []string) (any, error) {
	full := make(map[string]any, len(object))
	if name, ok := object["$"].(string); ok {
		like, err := f.named(name, within)
		if err != nil {
			return nil, err
		}
		fields, ok := like.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("$%s is no object", name)
		}
		maps.Copy(full, fields)
	}
	for key, item := range object {
		if key == "$" {
			continue
		}
		if item == "<absent>" && object["$"] != nil {
			delete(full, key)
			continue
		}
		filled, err := f.filled(item, within)
		if err != nil {
			return nil, err
		}
		full[key] = filled
	}
	return full, nil
}

func (f fixtures) named(name string, within []string) (any, error) {
	if slices.Contains(within, name) {
		return nil, fmt.Errorf("$%s is made of itself", name)
	}
	parts := strings.Split(name, ".")
	value, ok := f.raw[parts[0]]
	if !ok {
		return nil, fmt.Errorf("there is no fixture $%s", parts[0])
	}
	value, err := f.filled(value, append(slices.Clone(within), name))
	if err != nil {
		return nil, err
	}
	for _, part := range parts[1:] {
		if value, ok = field(value, part); !ok {
			return nil, fmt.Errorf("there is no $%s: nothing is called %s", name, part)
		}
	}
	return value, nil
}

// field is a field of an object, or an item of a list by its number.
func field(value any, name string) (any, bool) {
	switch value := value.(type) {
	case map[string]any:
		found, ok := value[name]
		return found, ok
	case []any:
		var i int
		if _, err := fmt.Sscanf(name, "%d", &i); err == nil && i < len(value) {
			return value[i], true
		}
	}
	return nil, false
}

// timed puts moments in the place of "<now>" and "<now+90s>" in what the server sends.
func timed(value any, now time.Time) any {
	switch value := value.(type) {
	case string:
		if at, ok := moment(value, now); ok {
			return at
		}
	case []any:
		list := make([]any, len(value))
		for i, item := range value {
			list[i] = timed(item, now)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(value))
		for key, item := range value {
			object[key] = timed(item, now)
		}
		return object
	}
	return value
}

// nearly compares two moments to the millisecond, give or take the one that rounding costs.
func nearly(a, b string) bool {
	first, err1 := time.Parse(time.RFC3339, a)
	second, err2 := time.Parse(time.RFC3339, b)
	return err1 == nil && err2 == nil && first.Sub(second).Abs() <= time.Millisecond
}

func moment(text string, now time.Time) (string, bool) {
	inner, ok := strings.CutPrefix(text, "<now")
	if !ok {
		return "", false
	}
	inner = strings.TrimSuffix(inner, ">")
	if inner != "" {
		shift, err := time.ParseDuration(inner)
		if err != nil {
			return "", false
		}
		now = now.Add(shift)
	}
	return now.UTC().Format("2006-01-02T15:04:05.000Z"), true
}

var (
	looksLikeID   = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	looksLikeTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
)

// matches compares a value with what is wanted, exactly but for the words in angle brackets. The error says where they differ.
func matches(want, got any, now time.Time) error {
	if word, ok := want.(string); ok && strings.HasPrefix(word, "<") && strings.HasSuffix(word, ">") {
		return matchesWord(word, got, now)
	}
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			return differ(want, got)
		}
		return matchesObject(want, got, now)
	case []any:
		got, ok := got.([]any)
		if !ok || len(want) != len(got) {
			return differ(want, got)
		}
		for i := range want {
			if err := matches(want[i], got[i], now); err != nil {
				return fmt.Errorf("[%d]%w", i, err)
			}
		}
		return nil
	}
	if !reflect.DeepEqual(want, got) {
		return differ(want, got)
	}
	return nil
}

// rest in an object allows fields that are not named.
const rest = "<rest>"

func matchesObject(want, got map[string]any, now time.Time) error {
	_, more := want[rest]
	for _, key := range slices.Sorted(maps.Keys(want)) {
		value, present := got[key]
		switch {
		case key == rest:
		case want[key] == "<absent>":
			if present {
				return fmt.Errorf(".%s: want none, got %s", key, written(value))
			}
		case !present:
			return fmt.Errorf(".%s: want %s, got none", key, written(want[key]))
		default:
			if err := matches(want[key], value, now); err != nil {
				return fmt.Errorf(".%s%w", key, err)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, wanted := want[key]; !wanted && !more {
			return fmt.Errorf(".%s: want none, got %s", key, written(got[key]))
		}
	}
	return nil
}

func matchesWord(word string, got any, now time.Time) error {
	text, isText := got.(string)
	ok := false
	switch list, isList := strings.CutPrefix(strings.TrimSuffix(word, ">"), "<text with "); {
	case word == "<any>":
		ok = true
	case word == "<text>":
		ok = isText && text != ""
	case word == "<uuid>":
		ok = looksLikeID.MatchString(text)
	case word == "<time>":
		ok = looksLikeTime.MatchString(text)
	case isList:
		ok = isText
		for part := range strings.SplitSeq(list, ", ") {
			ok = ok && strings.Contains(strings.ToLower(text), strings.ToLower(part))
		}
	default:
		at, isMoment := moment(word, now)
		if !isMoment {
			return fmt.Errorf(": there is no matcher %s", word)
		}
		ok = looksLikeTime.MatchString(text) && nearly(text, at)
	}
	if !ok {
		return differ(word, got)
	}
	return nil
}

func differ(want, got any) error {
	return errors.New(": want " + written(want) + ", got " + written(got))
}

func written(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	text = []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(text)))
	const longest = 600
	if len(text) > longest {
		return string(text[:longest]) + "…"
	}
	return string(text)
}

// plain is a Go value as JSON says it.
func plain(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("cannot be written: %v", err)
	}
	return decoded(text)
}

func decoded(text []byte) any {
	var value any
	if len(text) == 0 || json.Unmarshal(text, &value) != nil {
		return nil
	}
	return value
}

// withoutNulls takes out fields that are null: in a request they count as absent.
func withoutNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		object := make(map[string]any, len(value))
		for key, item := range value {
			if item != nil {
				object[key] = withoutNulls(item)
			}
		}
		return object
	case []any:
		list := make([]any, len(value))
		for i, item := range value {
			list[i] = withoutNulls(item)
		}
		return list
	}
	return value
}
