package main

import (
	"os"
	"path/filepath"
	"syscall"
)

// keeper writes what is posted to a file before it hands it on, and knows no
// cheaper way to be safe from a power cut: the file has its length already, so
// that only data is synced, and whatever came during a write goes with the next.
type keeper struct {
	posted chan []byte
	file   *os.File
	handOn func(payload []byte)
}

const keeperSize = 32 << 20

func newKeeper(folder string, handOn func([]byte)) *keeper {
	file, err := os.OpenFile(filepath.Join(folder, "kept"), os.O_CREATE|os.O_RDWR|syscall.O_DSYNC, 0o600)
	if err != nil {
		panic(err)
	}
	if _, err := file.Write(make([]byte, keeperSize)); err != nil {
		panic(err)
	}
	k := &keeper{posted: make(chan []byte, 4096), file: file, handOn: handOn}
	go k.keep()
	return k
}

func (k *keeper) keep() {
	var batch [][]byte
	var text []byte
	var place int64
	for first := range k.posted {
		batch, text = append(batch[:0], first), append(text[:0], first...)
		for len(k.posted) > 0 {
			next := <-k.posted
			batch, text = append(batch, next), append(text, next...)
		}
		if place+int64(len(text)) > keeperSize {
			place = 0
		}
		if _, err := k.file.WriteAt(text, place); err != nil {
			panic(err)
		}
		place += int64(len(text))
		for _, payload := range batch {
			k.handOn(payload)
		}
	}
}
