package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Starting says how a holder is to be started.
type Starting struct {
	Folder Folder
	// Program and Arguments make a process that calls [HoldForParent] with its standard input and output.
	Program   string
	Arguments []string
}

// longestOrder bounds what a holder is given at its start.
const longestOrder = 64 << 10

// Start starts a holder in the background and returns when the agent is in. The order goes to it by its standard input, so that the
// password stands in no list of processes, no environment and no file. It fails with a [*Problem] where the agent does not get in, and
// then leaves nothing behind.
func Start(ctx context.Context, order Order, options Starting) (Status, error) {
	folder := options.Folder
	if err := folder.make(); err != nil {
		return Status{}, err
	}
	if folder.answers(order.Desk) {
		return Status{}, Running(order.Desk)
	}
	log, isNew, err := folder.openLog(order.Desk)
	if err != nil {
		return Status{}, err
	}
	defer log.Close()
	status, err := options.run(ctx, order, log)
	if err != nil && isNew && !errors.Is(err, errSilent) {
		folder.tidy(folder.Log(order.Desk))
	}
	return status, err
}

var errSilent = errors.New("the holder has ended without a word")

// longestLog is when a log is begun anew.
const longestLog = 1 << 20

// openLog opens the desk's log and tells whether there was none.
func (f Folder) openLog(desk string) (log *os.File, isNew bool, err error) {
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	info, err := os.Stat(f.Log(desk))
	if err == nil && info.Size() > longestLog {
		flags |= os.O_TRUNC
	}
	isNew = errors.Is(err, fs.ErrNotExist)
	if log, err = os.OpenFile(f.Log(desk), flags, 0o600); err != nil {
		return nil, false, fmt.Errorf("open the desk's log: %w", err)
	}
	return log, isNew, nil
}

// run starts the process and reads its report.
func (o Starting) run(ctx context.Context, order Order, log *os.File) (Status, error) {
	command := exec.Command(o.Program, o.Arguments...)
	command.Dir, command.Env, command.Stderr = o.Folder.path, withoutSettings(os.Environ()), log
	detach(command)
	stdin, err := command.StdinPipe()
	if err != nil {
		return Status{}, fmt.Errorf("start the holder: %w", err)
	}
	report, its, err := os.Pipe()
	if err != nil {
		return Status{}, fmt.Errorf("start the holder: %w", err)
	}
	defer report.Close()
	command.Stdout = its
	err = command.Start()
	_ = its.Close() // the child has its own
	if err != nil {
		return Status{}, fmt.Errorf("start the holder: %w", err)
	}
	defer context.AfterFunc(ctx, func() { _ = command.Process.Signal(syscall.SIGTERM) })() // it logs out and ends
	if err := errors.Join(writeLine(stdin, order), stdin.Close()); err != nil {
		return Status{}, errors.Join(fmt.Errorf("tell the holder who logs in: %w", err), command.Wait())
	}
	var got answer
	if err := readLine(bufio.NewReader(report), longestAnswer, &got); err != nil {
		_ = command.Wait() // how it ended stands in its log
		return Status{}, fmt.Errorf("%w; its log is %s", errSilent, o.Folder.Log(order.Desk))
	}
	if got.Error != nil {
		_ = command.Wait() // it ends with what it said
		return Status{}, &Problem{Err: got.Error, Text: got.Text}
	}
	var status Status
	if err := json.Unmarshal(got.Result, &status); err != nil {
		return Status{}, fmt.Errorf("read the holder's report: %w", err)
	}
	return status, command.Process.Release()
}

// withoutSettings is the environment without Muster's settings: the holder is told what it needs, and a file that they name may be
// relative to another folder.
func withoutSettings(environment []string) (kept []string) {
	for _, variable := range environment {
		if !strings.HasPrefix(variable, "MUSTER_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// HoldForParent is [Hold] in a process that [Start] made: it reads the order, reports on stdout once, closes it, and holds.
func HoldForParent(ctx context.Context, desk string, folder Folder, stdin io.Reader, stdout io.WriteCloser, log *slog.Logger) error {
	var order Order
	if err := readLine(bufio.NewReader(stdin), longestOrder, &order); err != nil {
		return errors.New("this command is for muster itself: use muster agent login")
	}
	order.Desk = desk
	report := func(a answer) {
		if err := errors.Join(writeLine(stdout, a), stdout.Close()); err != nil {
			log.Warn("the report was not read", "error", err)
		}
	}
	_, err := Hold(ctx, order, Holding{Folder: folder, Log: log, Ready: func(s Status) { report(answered(s)) }})
	if err != nil {
		report(failed(ProblemOf(err)))
	}
	return err
}
