// Check_record reads a record with the libraries of the Go checksum database, which
// share nothing with truce, and says what they make of it.
//
// It reads one JSON request from standard input and writes one JSON answer to standard
// output. Tiles and entries are read from the record's folder by the paths of C2SP
// tlog-tiles; no hash is believed that does not lead to the root of the checkpoint, and
// that only if golang.org/x/mod/sumdb/note opens it under the log's key.
//
// License: Apache-2.0, as all of truce.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The width of a tile and the height that it has. Source: C2SP tlog-tiles.
const (
	tileWidth  = 256
	tileHeight = 8
)

type record struct {
	Index int64
	Entry []byte
	Path  [][]byte
}

type tree struct {
	Old     int64
	OldRoot []byte
	Path    [][]byte
}

// NotesVkey is the key under which Notes are opened, where it is not the record's.
type request struct {
	Folder    string
	Vkey      string
	NotesVkey string
	Notes     []string
	Records   []record
	Trees     []tree
	Proofs    []string
}

// What Go makes of the record (the counts), and of what was handed to it (the verdicts,
// in order).
type answer struct {
	Size              int64  `json:"size"`
	UnknownSignatures int    `json:"unknown_signatures"`
	TilesMakeRoot     bool   `json:"tiles_make_root"`
	RecordsProved     int    `json:"records_proved"`
	TreesProved       int    `json:"trees_proved"`
	Notes             []bool `json:"notes"`
	Records           []bool `json:"records"`
	Trees             []bool `json:"trees"`
	Proofs            []bool `json:"proofs"`
}

// tiles reads hash tiles from a log's folder.
type tiles struct{ folder string }

func (tiles) Height() int                     { return tileHeight }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := t.read(strconv.Itoa(tile.L), tile.N, tile.W)
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %v has %d bytes", tile, len(data))
		}
		found = append(found, data)
	}
	return found, nil
}

// read reads one file of a width by its C2SP path.
func (t tiles) read(level string, number int64, width int) ([]byte, error) {
	path := fmt.Sprintf("%03d", number%1000)
	for number >= 1000 {
		number /= 1000
		path = fmt.Sprintf("x%03d/%s", number%1000, path)
	}
	path = filepath.Join(t.folder, "tile", level, path)
	if width != tileWidth {
		path = fmt.Sprintf("%s.p/%d", path, width)
	}
	return os.ReadFile(path)
}

// entries reads all entries of a log of a size from its bundles.
func (t tiles) entries(size int64) ([][]byte, error) {
	var found [][]byte
	for first := int64(0); first < size; first += tileWidth {
		width := int(min(tileWidth, size-first))
		data, err := t.read("entries", first/tileWidth, width)
		if err != nil {
			return nil, err
		}
		for count := 0; count < width; count++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, errors.New("a bundle is cut short")
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			found, data = append(found, data[2:end]), data[end:]
		}
		if len(data) != 0 {
			return nil, errors.New("bytes stand after a bundle")
		}
	}
	return found, nil
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

// opened is the tree that a note states, if the log of the key signed it.
func opened(raw []byte, vkey string) (tlog.Tree, *note.Note, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	found, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	lines := strings.Split(found.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tlog.Tree{}, nil, errors.New("no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, nil, errors.New("no size")
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, found, err
}

// hashes are those of a path; nil and false where one has another length.
func hashes(path [][]byte) ([]tlog.Hash, bool) {
	var found []tlog.Hash
	for _, raw := range path {
		var hash tlog.Hash
		if copy(hash[:], raw); len(raw) != tlog.HashSize {
			return nil, false
		}
		found = append(found, hash)
	}
	return found, true
}

func isIncluded(one record, in tlog.Tree) bool {
	path, ok := hashes(one.Path)
	leaf := tlog.RecordHash(one.Entry)
	return ok && one.Index >= 0 && one.Index < in.N &&
		tlog.CheckRecord(path, in.N, in.Hash, one.Index, leaf) == nil
}

func isGrowth(one tree, to tlog.Tree) bool {
	path, ok := hashes(one.Path)
	roots, isRoot := hashes([][]byte{one.OldRoot})
	return ok && isRoot && one.Old >= 1 && one.Old <= to.N &&
		tlog.CheckTree(path, to.N, to.Hash, one.Old, roots[0]) == nil
}

// isProof reads a C2SP tlog-proof of truce, whose extra holds the entry.
func isProof(raw []byte, vkey string) bool {
	head, checkpoint, ok := strings.Cut(string(raw), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return false
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return false
	}
	var one record
	if json.Unmarshal(extra, &one) != nil {
		return false
	}
	one.Index, err = strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return false
	}
	for _, line := range lines[3:] {
		step, err := base64.StdEncoding.DecodeString(line)
		if err != nil {
			return false
		}
		one.Path = append(one.Path, step)
	}
	in, _, err := opened([]byte(checkpoint), vkey)
	return err == nil && isIncluded(one, in)
}

// prove makes every proof from the record's own tiles and checks it.
func prove(found *answer, in tlog.Tree, log tiles) error {
	reader := tlog.TileHashReader(in, log)
	root, err := tlog.TreeHash(in.N, reader)
	if err != nil {
		return err
	}
	found.TilesMakeRoot = root == in.Hash
	entries, err := log.entries(in.N)
	if err != nil {
		return err
	}
	for index, entry := range entries {
		path, err := tlog.ProveRecord(in.N, int64(index), reader)
		if err != nil {
			return err
		}
		leaf := tlog.RecordHash(entry)
		if tlog.CheckRecord(path, in.N, in.Hash, int64(index), leaf) == nil {
			found.RecordsProved++
		}
	}
	for old := int64(1); old <= in.N; old++ {
		before, err := tlog.TreeHash(old, reader)
		if err != nil {
			return err
		}
		path, err := tlog.ProveTree(in.N, old, reader)
		if err != nil {
			return err
		}
		if tlog.CheckTree(path, in.N, in.Hash, old, before) == nil {
			found.TreesProved++
		}
	}
	return nil
}

func check(asked request) (answer, error) {
	found := answer{}
	log := tiles{filepath.Join(asked.Folder, "log")}
	raw, err := os.ReadFile(filepath.Join(log.folder, "checkpoint"))
	if err != nil {
		return found, err
	}
	in, opening, err := opened(raw, asked.Vkey)
	if err != nil {
		return found, err
	}
	found.Size, found.UnknownSignatures = in.N, len(opening.UnverifiedSigs)
	if err := prove(&found, in, log); err != nil {
		return found, err
	}
	if asked.NotesVkey == "" {
		asked.NotesVkey = asked.Vkey
	}
	for _, text := range asked.Notes {
		_, _, err := opened([]byte(text), asked.NotesVkey)
		found.Notes = append(found.Notes, err == nil)
	}
	for _, one := range asked.Records {
		found.Records = append(found.Records, isIncluded(one, in))
	}
	for _, one := range asked.Trees {
		found.Trees = append(found.Trees, isGrowth(one, in))
	}
	for _, text := range asked.Proofs {
		found.Proofs = append(found.Proofs, isProof([]byte(text), asked.Vkey))
	}
	return found, nil
}

func main() {
	var asked request
	var input bytes.Buffer
	_, err := input.ReadFrom(os.Stdin)
	if err == nil {
		err = json.Unmarshal(input.Bytes(), &asked)
	}
	var found answer
	if err == nil {
		found, err = check(asked)
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(found)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "check_record:", err)
		os.Exit(1)
	}
}
