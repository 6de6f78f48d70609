package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	tdlog "github.com/transparency-dev/formats/log"
	tdproof "github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "elders.example.nl/log"

// Made is a log of this implementation: the newest checkpoint, a receipt of each leaf, growth from each size.
type Made struct {
	Vkey     string    `json:"vkey"`
	Receipts []Receipt `json:"receipts"`
	Growths  []Growth  `json:"growths"`
}

type hashes []tlog.Hash

func (stored hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(stored)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found = append(found, stored[index])
	}
	return found, nil
}

func storedHashes(leaves [][]byte) (hashes, error) {
	var stored hashes
	for n, leaf := range leaves {
		more, err := tlog.StoredHashes(int64(n), leaf, stored)
		if err != nil {
			return nil, err
		}
		stored = append(stored, more...)
	}
	return stored, nil
}

func makeLog(size int64) (Made, error) {
	secret, vkey, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return Made{}, err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return Made{}, err
	}
	leaves := make([][]byte, size)
	for n := range leaves {
		leaves[n] = binary.BigEndian.AppendUint64(nil, uint64(n))
	}
	stored, err := storedHashes(leaves)
	if err != nil {
		return Made{}, err
	}
	made := Made{Vkey: vkey}
	newest, err := checkpointOf(size, stored, signer)
	if err != nil {
		return Made{}, err
	}
	for n, leaf := range leaves {
		if err := made.add(int64(n), size, leaf, stored, newest, signer); err != nil {
			return Made{}, err
		}
	}
	return made, nil
}

func (made *Made) add(n, size int64, leaf []byte, stored hashes, newest []byte, signer note.Signer) error {
	record, err := tlog.ProveRecord(size, n, stored)
	if err != nil {
		return err
	}
	proof := tdproof.TLogProof{Index: uint64(n), Checkpoint: newest}
	for _, hash := range record {
		proof.Hashes = append(proof.Hashes, hash)
	}
	made.Receipts = append(made.Receipts, Receipt{Proof: string(proof.Marshal()), Leaf: leaf})
	older, err := checkpointOf(n+1, stored, signer)
	if err != nil {
		return err
	}
	tree, err := tlog.ProveTree(size, n+1, stored)
	if err != nil {
		return err
	}
	body := fmt.Sprintf("old %d\n", n+1)
	for _, hash := range tree {
		body += base64.StdEncoding.EncodeToString(hash[:]) + "\n"
	}
	made.Growths = append(made.Growths, Growth{Older: string(older), Body: body + "\n" + string(newest)})
	return nil
}

func checkpointOf(size int64, stored hashes, signer note.Signer) ([]byte, error) {
	root, err := tlog.TreeHash(size, stored)
	if err != nil {
		return nil, err
	}
	checkpoint := tdlog.Checkpoint{Origin: origin, Size: uint64(size), Hash: root[:]}
	return note.Sign(&note.Note{Text: string(checkpoint.Marshal())}, signer)
}
