package presence

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestUUIDTextGoesThereAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := drawUUID(t)
		for _, form := range []string{id.String(), strings.ToUpper(id.String())} {
			if again, err := ParseUUID(form); err != nil || again != id {
				t.Fatalf("%q is read as %s, %v", form, again, err)
			}
		}
	})
}

func TestParseUUIDRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"",
		"31746800",
		"31746800161611f18000010000000000",
		"{31746800-1616-11f1-8000-010000000000}",
		"31746800-1616-11f1-8000-01000000000",
		"31746800-1616-11f1-8000-0100000000000",
		"31746800-1616-11f1-8000_010000000000",
		"3174680-01616-11f1-8000-010000000000",
		"g1746800-1616-11f1-8000-010000000000",
		" 1746800-1616-11f1-8000-010000000000",
	} {
		if id, err := ParseUUID(bad); !errors.Is(err, ErrNotUUID) || !id.IsZero() {
			t.Errorf("%q is read as %s, %v", bad, id, err)
		}
	}
}

func FuzzParseUUID(f *testing.F) {
	f.Add("31746800-1616-11f1-8000-010000000000")
	f.Add("31746800-1616-11F1-8000-01000000000G")
	f.Add("")
	f.Fuzz(func(t *testing.T, in string) {
		id, err := ParseUUID(in)
		if err != nil {
			return
		}
		if id.String() != strings.ToLower(in) {
			t.Fatalf("%q is read as %s", in, id)
		}
	})
}

func drawUUID(t *rapid.T) UUID {
	return UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
}
