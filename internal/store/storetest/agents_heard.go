package storetest

import (
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// heard checks [store.Agents.NoteHeard].
func heard(t *testing.T, open Open) {
	holds(t, open, []sentence{
		{"who was never heard was heard at no time", func(t *testing.T, s Store) {
			NewRecorder().commit(t, s, annInNorth, nine, begins)
			wantHeard(t, s, annInNorth, 0)
		}},
		{"the newest note is kept", func(t *testing.T, s Store) {
			r := NewRecorder()
			r.commit(t, s, annInNorth, nine, begins)
			r.commit(t, s, bobInNorth, nine, begins)
			note(t, s, store.Heard{Key: annInNorth, Fence: 1, At: nine + 1}, store.Heard{Key: bobInNorth, Fence: 1, At: nine + 2})
			note(t, s, store.Heard{Key: annInNorth, Fence: 1, At: nine + 3})
			wantHeard(t, s, annInNorth, nine+3)
			wantHeard(t, s, bobInNorth, nine+2)
		}},
		{"a note under an older fence is dropped", func(t *testing.T, s Store) {
			NewRecorder().commit(t, s, annInNorth, nine, begins)
			note(t, s, store.Heard{Key: annInNorth, Fence: 2, At: nine + 1})
			note(t, s, store.Heard{Key: annInNorth, Fence: 1, At: nine + 2})
			wantHeard(t, s, annInNorth, nine+1)
		}},
		{"a note under a newer fence counts even where its clock is behind", func(t *testing.T, s Store) {
			NewRecorder().commit(t, s, annInNorth, nine, begins)
			note(t, s, store.Heard{Key: annInNorth, Fence: 1, At: nine + 9})
			note(t, s, store.Heard{Key: annInNorth, Fence: 2, At: nine + 2})
			wantHeard(t, s, annInNorth, nine+2)
		}},
		{"a note about nobody is dropped, those beside it are kept", func(t *testing.T, s Store) {
			NewRecorder().commit(t, s, annInNorth, nine, begins)
			note(t, s, store.Heard{Key: annInSouth, Fence: 1, At: nine}, store.Heard{Key: annInNorth, Fence: 1, At: nine + 1})
			wantSame(t, "agent", store.Stored{Key: annInSouth}, get[store.Stored](t)(s.Agent(t.Context(), annInSouth)))
			wantHeard(t, s, annInNorth, nine+1)
		}},
		{"a note outlives changes", func(t *testing.T, s Store) {
			r := NewRecorder()
			r.commit(t, s, annInNorth, nine, begins)
			note(t, s, store.Heard{Key: annInNorth, Fence: 1, At: nine + 1})
			r.commit(t, s, annInNorth, nine+2, presence.GoReady{By: byAnn, HasExtension: true})
			wantHeard(t, s, annInNorth, nine+1)
			for _, live := range get[[]store.Stored](t)(s.Live(t.Context())) {
				if live.HeardAt != nine+1 {
					t.Errorf("live: heard at %s, want %s", live.HeardAt, nine+1)
				}
			}
		}},
		{"a note changes nothing else", func(t *testing.T, s Store) {
			r := NewRecorder()
			r.commit(t, s, annInNorth, nine, begins)
			note(t, s, store.Heard{Key: annInNorth, Fence: 1, At: nine + 1})
			wantAgent(t, s, annInNorth, r.Agent(annInNorth))
			wantHead(t, s, northTenant, 1)
		}},
	})
}

func note(t testing.TB, s store.Agents, notes ...store.Heard) {
	t.Helper()
	if err := s.NoteHeard(t.Context(), notes); err != nil {
		t.Fatalf("note heard: %v", err)
	}
}

func wantHeard(t testing.TB, s store.Agents, key presence.Key, want presence.Instant) {
	t.Helper()
	if got := get[store.Stored](t)(s.Agent(t.Context(), key)).HeardAt; got != want {
		t.Errorf("heard at %s, want %s", got, want)
	}
}
