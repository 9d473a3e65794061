package auth

import (
	"context"
	"crypto/rand"
)

// MaxPasswordLength is the length in bytes of the longest password that can be
// set.
const MaxPasswordLength = 1024

const (
	// computationsAtOnce keeps what passwords may take of the machine at 38 MiB
	// and two processors, whatever arrives.
	computationsAtOnce = 2
	// computationsWaiting is a wait of about 0.2 s for the last in the queue.
	computationsWaiting = 16
)

// Passwords makes and checks password hashes, two at once and a few waiting: a
// flood of log-ins must not take the processors and memory from those who are
// logged in.
type Passwords struct {
	gate gate
	// absent is what is checked where there is no hash, so that absence costs the
	// same. Nothing matches it: the answer is not looked at.
	absent hash
}

// NewPasswords returns the passwords of a process.
func NewPasswords() *Passwords {
	return &Passwords{
		gate: newGate(computationsAtOnce, computationsWaiting),
		absent: hash{
			memory: ownMemory, passes: ownPasses, lanes: ownLanes,
			salt: make([]byte, saltSize), sum: make([]byte, sumSize),
		},
	}
}

// Hash returns the PHC text of a new argon2id hash of password:
// $argon2id$v=19$m=19456,t=2,p=1$salt$sum. It fails with [ErrPasswordLength],
// with [ErrBusy] or, while it waits, with the context's error.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if len(password) == 0 || len(password) > MaxPasswordLength {
		return "", ErrPasswordLength
	}
	if err := p.gate.enter(ctx); err != nil {
		return "", err
	}
	defer p.gate.leave()
	var salt [saltSize]byte
	rand.Read(salt[:]) // never fails: crypto/rand ends the process instead
	return newHash(password, salt).String(), nil
}

// Matches reports whether text is a hash of password. No password matches the
// empty text, at the cost of a wrong password. It fails with [ErrHash], with
// [ErrBusy] or, while it waits, with the context's error.
func (p *Passwords) Matches(ctx context.Context, text, password string) (bool, error) {
	stored := p.absent
	if text != "" {
		var err error
		if stored, err = parseHash(text); err != nil {
			return false, err
		}
	}
	if err := p.gate.enter(ctx); err != nil {
		return false, err
	}
	defer p.gate.leave()
	return stored.matches(password) && text != "", nil
}

// CheckHash returns [ErrHash] for text that [Passwords.Matches] would refuse, at
// no cost. It is for hashes that come from outside.
func CheckHash(text string) error {
	_, err := parseHash(text)
	return err
}
