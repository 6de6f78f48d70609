// Command logproof is another implementation of what the hub's log makes: it verifies the hub's checkpoints, tiles and
// proofs with libraries that the hub does not use, and makes its own for the hub to verify.
//
//	logproof verify < case.json > verdict.json
//	logproof make SIZE > made.json
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "verify":
		var given Case
		if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(verify(given))
	case len(args) == 2 && args[0] == "make":
		size, err := strconv.ParseInt(args[1], 10, 64)
		if err != nil {
			return err
		}
		made, err := makeLog(size)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(made)
	}
	return fmt.Errorf("usage: logproof verify | logproof make SIZE")
}
