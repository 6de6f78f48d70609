package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	tdlog "github.com/transparency-dev/formats/log"
	tdproof "github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Case is what the hub made.
type Case struct {
	Vkey     string            `json:"vkey"`
	Origin   string            `json:"origin"`
	Leaves   [][]byte          `json:"leaves"`
	Newest   string            `json:"newest"`
	Tiles    map[string][]byte `json:"tiles"`
	Receipts []Receipt         `json:"receipts"`
	Growths  []Growth          `json:"growths"`
}

// Receipt is a tlog-proof and the leaf it is about.
type Receipt struct {
	Proof string `json:"proof"`
	Leaf  []byte `json:"leaf"`
}

// Growth is an older checkpoint, and the body of add-checkpoint that leads from it to a newer one.
type Growth struct {
	Older string `json:"older"`
	Body  string `json:"body"`
}

// Verdict has an empty text for what holds, and the reason for what does not.
type Verdict struct {
	Tree     string   `json:"tree"`
	Tiles    string   `json:"tiles"`
	Receipts []string `json:"receipts"`
	Growths  []string `json:"growths"`
}

func verify(given Case) Verdict {
	verdict := Verdict{
		Tree:  said(given.tree()),
		Tiles: said(given.tiles()),
	}
	for _, receipt := range given.Receipts {
		verdict.Receipts = append(verdict.Receipts, said(given.receipt(receipt)))
	}
	for _, growth := range given.Growths {
		verdict.Growths = append(verdict.Growths, said(given.growth(growth)))
	}
	return verdict
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (given Case) checkpoint(text string) (*tdlog.Checkpoint, error) {
	verifier, err := note.NewVerifier(given.Vkey)
	if err != nil {
		return nil, err
	}
	if _, err := note.Open([]byte(text), note.VerifierList(verifier)); err != nil {
		return nil, err
	}
	checkpoint, rest, _, err := tdlog.ParseCheckpoint([]byte(text), given.Origin, verifier)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("the checkpoint has extension lines")
	}
	return checkpoint, err
}

// tree recomputes the newest root from the leaves.
func (given Case) tree() error {
	checkpoint, err := given.checkpoint(given.Newest)
	if err != nil {
		return err
	}
	stored, err := storedHashes(given.Leaves)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(int64(len(given.Leaves)), stored)
	if err != nil {
		return err
	}
	if checkpoint.Size != uint64(len(given.Leaves)) || !bytes.Equal(root[:], checkpoint.Hash) {
		return fmt.Errorf("the leaves have another root")
	}
	return nil
}

// tiles reads the whole tree from the published tiles, and proves each leaf from them.
func (given Case) tiles() error {
	checkpoint, err := given.checkpoint(given.Newest)
	if err != nil {
		return err
	}
	tree := tlog.Tree{N: int64(checkpoint.Size), Hash: tlog.Hash(checkpoint.Hash)}
	reader := tlog.TileHashReader(tree, published(given.Tiles))
	for n, leaf := range given.Leaves {
		record, err := tlog.ProveRecord(tree.N, int64(n), reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(record, tree.N, tree.Hash, int64(n), tlog.RecordHash(leaf)); err != nil {
			return err
		}
	}
	return given.bundles()
}

// bundles compares the published entries with the leaves.
func (given Case) bundles() error {
	for first := 0; first < len(given.Leaves); first += 256 {
		end := min(first+256, len(given.Leaves))
		tile := tlog.Tile{H: 8, L: -1, N: int64(first / 256), W: end - first}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		bundle := given.Tiles[path]
		for n := first; n < end; n++ {
			if len(bundle) < 2 || len(bundle) < 2+int(bundle[0])<<8+int(bundle[1]) {
				return fmt.Errorf("bundle %s is too short", path)
			}
			length := int(bundle[0])<<8 + int(bundle[1])
			if !bytes.Equal(bundle[2:2+length], given.Leaves[n]) {
				return fmt.Errorf("bundle %s has another leaf %d", path, n)
			}
			bundle = bundle[2+length:]
		}
		if len(bundle) > 0 {
			return fmt.Errorf("bundle %s is too long", path)
		}
	}
	return nil
}

// published reads tiles under the paths of C2SP tlog-tiles, which leave out the height.
type published map[string][]byte

func (tiles published) Height() int { return 8 }

func (tiles published) SaveTiles([]tlog.Tile, [][]byte) {}

func (tiles published) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		content, ok := tiles[path]
		if !ok {
			return nil, fmt.Errorf("there is no %s", path)
		}
		found = append(found, content)
	}
	return found, nil
}

// receipt verifies a tlog-proof with two libraries.
func (given Case) receipt(receipt Receipt) error {
	var parsed tdproof.TLogProof
	if err := parsed.Unmarshal([]byte(receipt.Proof)); err != nil {
		return err
	}
	if string(parsed.Marshal()) != receipt.Proof {
		return fmt.Errorf("the proof is not written as the format says")
	}
	checkpoint, err := given.checkpoint(string(parsed.Checkpoint))
	if err != nil {
		return err
	}
	leaf := rfc6962.DefaultHasher.HashLeaf(receipt.Leaf)
	var hashes [][]byte
	var record tlog.RecordProof
	for _, hash := range parsed.Hashes {
		hashes = append(hashes, hash[:])
		record = append(record, hash)
	}
	err = proof.VerifyInclusion(rfc6962.DefaultHasher, parsed.Index, checkpoint.Size, leaf, hashes, checkpoint.Hash)
	other := tlog.CheckRecord(record, int64(checkpoint.Size), tlog.Hash(checkpoint.Hash), int64(parsed.Index), tlog.Hash(leaf))
	return both(err, other)
}

// growth verifies a consistency proof with two libraries.
func (given Case) growth(growth Growth) error {
	older, err := given.checkpoint(growth.Older)
	if err != nil {
		return err
	}
	head, text, found := strings.Cut(growth.Body, "\n\n")
	lines := strings.Split(head, "\n")
	size, err := strconv.ParseUint(strings.TrimPrefix(lines[0], "old "), 10, 63)
	if err != nil || !found || size != older.Size {
		return fmt.Errorf("the body is not from the older checkpoint")
	}
	newer, err := given.checkpoint(text)
	if err != nil {
		return err
	}
	var hashes [][]byte
	var tree tlog.TreeProof
	for _, line := range lines[1:] {
		hash, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(hash) != tlog.HashSize {
			return fmt.Errorf("a hash is out of shape")
		}
		hashes = append(hashes, hash)
		tree = append(tree, tlog.Hash(hash))
	}
	err = proof.VerifyConsistency(rfc6962.DefaultHasher, older.Size, newer.Size, hashes, older.Hash, newer.Hash)
	other := tlog.CheckTree(tree, int64(newer.Size), tlog.Hash(newer.Hash), int64(older.Size), tlog.Hash(older.Hash))
	return both(err, other)
}

// both fails when one of two libraries does, and loudly when they disagree.
func both(one, other error) error {
	if (one == nil) != (other == nil) {
		panic(fmt.Sprintf("the libraries disagree: %v, %v", one, other))
	}
	return one
}
