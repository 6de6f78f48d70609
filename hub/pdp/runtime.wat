;; What stands in a module in the place of OPA's own functions of these names (hub.pdp.runtime puts it there):
;; $quick.NAME replaces $NAME, and $opa.NAME is what OPA had there. They do the same, in fewer steps.
;;
;; A value of OPA 1.17 in memory has its type in byte 0:
;;   3 number         byte 1: whether it is the whole number at 8 (1) or a text
;;   4 string         length at 4, address of its bytes at 8
;;   8 lasting string the same, and never given back: OPA makes the constants of rules so, with 0 in bytes 1 to 3
;;   5 array          address of pairs (index, value) at 4, how many at 8
;;   6 object, 7 set  address of buckets at 4, how many at 8; each is 0 or the first of a chain of (key, value, next),
;;                    of a set (value, next)
;; A lasting string keeps its hash, once that is known, in bytes 1 to 3. So its first word says both. A key of an object or a
;; set was hashed on its way in: a lasting string in there whose first word is another's is another text.

;; OPA takes a string byte by byte; this takes eight at once. Short ones are read twice where that saves a loop. One whose hash
;; is 0 is hashed anew each time.
(func $quick.opa_value_hash (param $value i32) (result i32)
  (local $word i32) (local $at i32) (local $length i32) (local $last i32) (local $hash i64) (local $found i32)
  (local.set $word (i32.load (local.get $value)))
  (if (i32.and (local.get $word) (i32.const 0xf3))
    (then (return (call $opa.opa_value_hash (local.get $value)))))
  (if (i32.and (i32.eq (i32.and (local.get $word) (i32.const 0xff)) (i32.const 8))
        (i32.ne (local.get $word) (i32.const 8)))
    (then (return (i32.shr_u (local.get $word) (i32.const 8)))))
  (local.set $length (i32.load offset=4 (local.get $value)))
  (local.set $at (i32.load offset=8 (local.get $value)))
  (local.set $last (i32.add (local.get $at) (local.get $length)))
  (local.set $hash (i64.extend_i32_u (local.get $length)))
  (block $read
    (if (i32.ge_u (local.get $length) (i32.const 8))
      (then
        (local.set $last (i32.sub (local.get $last) (i32.const 8)))
        (local.set $hash (i64.xor (local.get $hash) (i64.load align=1 (local.get $last))))
        (loop $more
          (br_if $read (i32.ge_u (local.get $at) (local.get $last)))
          (local.set $hash (i64.mul
            (i64.xor (i64.rotl (local.get $hash) (i64.const 29)) (i64.load align=1 (local.get $at)))
            (i64.const 0x9e3779b97f4a7c15)))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br $more))))
    (if (i32.ge_u (local.get $length) (i32.const 4))
      (then
        (local.set $hash (i64.xor (local.get $hash) (i64.or
          (i64.load32_u align=1 (local.get $at))
          (i64.shl (i64.load32_u align=1 (i32.sub (local.get $last) (i32.const 4))) (i64.const 32)))))
        (br $read)))
    (br_if $read (i32.eqz (local.get $length)))
    (local.set $hash (i64.xor (local.get $hash) (i64.or
      (i64.shl (i64.load8_u (local.get $at)) (i64.const 8))
      (i64.or
        (i64.shl
          (i64.load8_u (i32.add (local.get $at) (i32.shr_u (local.get $length) (i32.const 1)))) (i64.const 24))
        (i64.shl (i64.load8_u (i32.sub (local.get $last) (i32.const 1))) (i64.const 40)))))))
  ;; A product carries upwards only, and OPA takes the lowest bits for a place: what came in high up has to come down first.
  (local.set $hash (i64.mul (local.get $hash) (i64.const 0x9e3779b97f4a7c15)))
  (local.set $hash (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 32))))
  (local.set $found
    (i32.wrap_i64 (i64.shr_u (i64.mul (local.get $hash) (i64.const 0x9e3779b97f4a7c15)) (i64.const 40))))
  (if (i32.eq (local.get $word) (i32.const 8))
    (then (i32.store (local.get $value) (i32.or (i32.shl (local.get $found) (i32.const 8)) (i32.const 8)))))
  (local.get $found))

;; -1, 0 or 1. Two strings are done here: by their bytes, which have no sign; then the shorter one comes first.
(func $quick.opa_value_compare (param $a i32) (param $b i32) (result i32)
  (local $p i32) (local $q i32) (local $left i32) (local $shorter i32) (local $step i32) (local $x i64) (local $y i64)
  (local $bit i64)
  (if (i32.eq (local.get $a) (local.get $b)) (then (return (i32.const 0))))
  (block $other
    (br_if $other (i32.eqz (local.get $a)))
    (br_if $other (i32.eqz (local.get $b)))
    (br_if $other
      (i32.and (i32.or (i32.load8_u (local.get $a)) (i32.load8_u (local.get $b))) (i32.const 0xf3)))
    (local.set $p (i32.load offset=8 (local.get $a)))
    (local.set $q (i32.load offset=8 (local.get $b)))
    (local.set $left (i32.load offset=4 (local.get $a)))
    (local.set $step (i32.load offset=4 (local.get $b)))
    (local.set $shorter (i32.sub
      (i32.gt_u (local.get $left) (local.get $step)) (i32.lt_u (local.get $left) (local.get $step))))
    (if (i32.gt_s (local.get $shorter) (i32.const 0)) (then (local.set $left (local.get $step))))
    (block $differ
      (block $same
        (br_if $same (i32.eqz (local.get $left)))
        (if (i32.ge_u (local.get $left) (i32.const 8))
          (then
            ;; Eight at once; at the end the last eight, some of them for the second time.
            (loop $eight
              (local.set $x (i64.load align=1 (local.get $p)))
              (local.set $y (i64.load align=1 (local.get $q)))
              (br_if $differ (i64.ne (local.get $x) (local.get $y)))
              (local.set $left (i32.sub (local.get $left) (i32.const 8)))
              (br_if $same (i32.eqz (local.get $left)))
              (local.set $step
                (select (local.get $left) (i32.const 8) (i32.lt_u (local.get $left) (i32.const 8))))
              (local.set $p (i32.add (local.get $p) (local.get $step)))
              (local.set $q (i32.add (local.get $q) (local.get $step)))
              (local.set $left
                (select (i32.const 8) (local.get $left) (i32.lt_u (local.get $left) (i32.const 8))))
              (br $eight))))
        (if (i32.ge_u (local.get $left) (i32.const 4))
          (then
            (local.set $left (i32.sub (local.get $left) (i32.const 4)))
            (local.set $x (i64.or (i64.load32_u align=1 (local.get $p)) (i64.shl
              (i64.load32_u align=1 (i32.add (local.get $p) (local.get $left))) (i64.const 32))))
            (local.set $y (i64.or (i64.load32_u align=1 (local.get $q)) (i64.shl
              (i64.load32_u align=1 (i32.add (local.get $q) (local.get $left))) (i64.const 32)))))
          (else
            ;; First, middle and last: of one all the same, of two the last twice.
            (local.set $step (i32.shr_u (local.get $left) (i32.const 1)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (local.set $x (i64.or (i64.load8_u (local.get $p)) (i64.or
              (i64.shl (i64.load8_u (i32.add (local.get $p) (local.get $step))) (i64.const 8))
              (i64.shl (i64.load8_u (i32.add (local.get $p) (local.get $left))) (i64.const 16)))))
            (local.set $y (i64.or (i64.load8_u (local.get $q)) (i64.or
              (i64.shl (i64.load8_u (i32.add (local.get $q) (local.get $step))) (i64.const 8))
              (i64.shl (i64.load8_u (i32.add (local.get $q) (local.get $left))) (i64.const 16)))))))
        (br_if $differ (i64.ne (local.get $x) (local.get $y))))
      (return (local.get $shorter)))
    ;; The first byte that differs is the lowest.
    (local.set $bit (i64.and (i64.ctz (i64.xor (local.get $x) (local.get $y))) (i64.const 0x38)))
    (return (select (i32.const -1) (i32.const 1) (i64.lt_u
      (i64.and (i64.shr_u (local.get $x) (local.get $bit)) (i64.const 0xff))
      (i64.and (i64.shr_u (local.get $y) (local.get $bit)) (i64.const 0xff))))))
  (call $opa.opa_value_compare (local.get $a) (local.get $b)))

;; The value under $key, 0 where there is none. A text in an object or a set and a whole number in an array are done here.
(func $quick.opa_value_get (param $node i32) (param $key i32) (result i32)
  (local $kind i32) (local $hash i32) (local $word i32) (local $link i32) (local $found i32) (local $value i32)
  (local $index i64)
  (block $other
    (br_if $other (i32.eqz (local.get $node)))
    (local.set $kind (i32.load8_u (local.get $node)))
    (if (i32.eq (local.get $kind) (i32.const 5))
      (then
        (br_if $other (i32.ne (i32.load16_u (local.get $key)) (i32.const 0x103)))
        (local.set $index (i64.load offset=8 (local.get $key)))
        ;; One below 0 is, without its sign, above them all.
        (if (i64.ge_u (local.get $index) (i64.extend_i32_u (i32.load offset=8 (local.get $node))))
          (then (return (i32.const 0))))
        (return (i32.load offset=4 (i32.add
          (i32.load offset=4 (local.get $node)) (i32.shl (i32.wrap_i64 (local.get $index)) (i32.const 3)))))))
    (br_if $other (i32.ne (i32.and (local.get $kind) (i32.const 0xfe)) (i32.const 6)))
    (br_if $other (i32.and (i32.load8_u (local.get $key)) (i32.const 0xf3)))
    ;; The first word of a lasting string with the hash of the key, which may be one itself.
    (local.set $word (i32.load (local.get $key)))
    (local.set $hash (i32.shr_u (local.get $word) (i32.const 8)))
    (if (i32.or (i32.eqz (local.get $hash)) (i32.ne (i32.and (local.get $word) (i32.const 0xff)) (i32.const 8)))
      (then
        (local.set $hash (call $opa_value_hash (local.get $key)))
        (local.set $word (i32.or (i32.shl (local.get $hash) (i32.const 8)) (i32.const 8)))))
    (local.set $link (i32.load (i32.add (i32.load offset=4 (local.get $node)) (i32.shl
      (i32.rem_u (local.get $hash) (i32.load offset=8 (local.get $node))) (i32.const 2)))))
    ;; Where the value stands in a link: an object's at 4, a set's is the key.
    (local.set $kind (i32.shl (i32.eq (local.get $kind) (i32.const 6)) (i32.const 2)))
    (loop $next
      (if (i32.eqz (local.get $link)) (then (return (i32.const 0))))
      (local.set $found (i32.load (local.get $link)))
      (local.set $value (i32.load (i32.add (local.get $link) (local.get $kind))))
      (if (i32.eq (local.get $found) (local.get $key)) (then (return (local.get $value))))
      (local.set $link (i32.load offset=4 (i32.add (local.get $link) (local.get $kind))))
      (br_if $next (i32.and
        (i32.ne (i32.load (local.get $found)) (local.get $word))
        (i32.eq (i32.load8_u (local.get $found)) (i32.const 8))))
      (br_if $next (call $opa_value_compare (local.get $found) (local.get $key)))
      (return (local.get $value))))
  (call $opa.opa_value_get (local.get $node) (local.get $key)))

;; The index or key after $previous, or the first of all where that is 0; 0 after the last. Who goes through an object or a
;; set holds the very key that it was given before; another one of the same text is left to OPA.
(func $quick.opa_value_iter (param $node i32) (param $previous i32) (result i32)
  (local $kind i32) (local $next i32) (local $bucket i32) (local $end i32) (local $link i32) (local $index i64)
  (block $other
    (br_if $other (i32.eqz (local.get $node)))
    (local.set $kind (i32.load8_u (local.get $node)))
    (if (i32.eq (local.get $kind) (i32.const 5))
      (then
        (if (local.get $previous)
          (then
            (br_if $other (i32.ne (i32.load16_u (local.get $previous)) (i32.const 0x103)))
            (local.set $index (i64.add (i64.load offset=8 (local.get $previous)) (i64.const 1)))))
        (if (i64.ge_u (local.get $index) (i64.extend_i32_u (i32.load offset=8 (local.get $node))))
          (then (return (i32.const 0))))
        (return (i32.load (i32.add
          (i32.load offset=4 (local.get $node)) (i32.shl (i32.wrap_i64 (local.get $index)) (i32.const 3)))))))
    (br_if $other (i32.ne (i32.and (local.get $kind) (i32.const 0xfe)) (i32.const 6)))
    ;; Where the next one stands in a link: at 8 of an object's, at 4 of a set's.
    (local.set $next (i32.shl (i32.sub (i32.const 8) (local.get $kind)) (i32.const 2)))
    (local.set $bucket (i32.load offset=4 (local.get $node)))
    (local.set $end (i32.add (local.get $bucket) (i32.shl (i32.load offset=8 (local.get $node)) (i32.const 2))))
    (if (local.get $previous)
      (then
        (local.set $bucket (i32.add (local.get $bucket) (i32.shl
          (i32.rem_u (call $opa_value_hash (local.get $previous)) (i32.load offset=8 (local.get $node)))
          (i32.const 2))))
        (local.set $link (i32.load (local.get $bucket)))
        (block $here
          (loop $chain
            (br_if $other (i32.eqz (local.get $link)))
            (br_if $here (i32.eq (i32.load (local.get $link)) (local.get $previous)))
            (local.set $link (i32.load (i32.add (local.get $link) (local.get $next))))
            (br $chain)))
        (local.set $link (i32.load (i32.add (local.get $link) (local.get $next))))
        (if (local.get $link) (then (return (i32.load (local.get $link)))))
        (local.set $bucket (i32.add (local.get $bucket) (i32.const 4)))))
    (loop $more
      (if (i32.ge_u (local.get $bucket) (local.get $end)) (then (return (i32.const 0))))
      (local.set $link (i32.load (local.get $bucket)))
      (if (local.get $link) (then (return (i32.load (local.get $link)))))
      (local.set $bucket (i32.add (local.get $bucket) (i32.const 4)))
      (br $more)))
  (call $opa.opa_value_iter (local.get $node) (local.get $previous)))

;; Facts say the same words many times over: each becomes one lasting string, which is found again by its hash. $words is
;; where they stand: a string to ask with, and at 12 a place for each of 1024 hashes. All that was taken from the heap is
;; free again when an evaluation begins, so what was found before is forgotten then. Once its rules are asked, OPA reads the
;; texts that they want read: what it made itself it may give back, and what others hold it must not (`json.is_valid` does).
(global $words (mut i32) (i32.const 0))

(func $quick.opa_heap_ptr_set (param $top i32)
  (global.set $words (i32.const 0))
  (call $opa.opa_heap_ptr_set (local.get $top)))

;; The string of $length bytes from $from on. $token 6: they stand for themselves; 7: some are written otherwise. A long one
;; is hardly said twice.
(func $quick.opa_json_parse_string (param $token i32) (param $from i32) (param $length i32) (result i32)
  (local $hash i32) (local $place i32) (local $string i32) (local $to i32) (local $end i32)
  (if (i32.or
        (i32.or (i32.ne (local.get $token) (i32.const 6)) (i32.eq (global.get $words) (i32.const -1)))
        (i32.gt_u (i32.sub (local.get $length) (i32.const 1)) (i32.const 51)))
    (then
      (return (call $opa.opa_json_parse_string (local.get $token) (local.get $from) (local.get $length)))))
  (if (i32.eqz (global.get $words))
    (then
      (global.set $words (call $opa_malloc (i32.const 4108)))
      (memory.fill (global.get $words) (i32.const 0) (i32.const 4108))
      (i32.store (global.get $words) (i32.const 4))))
  (i32.store offset=4 (global.get $words) (local.get $length))
  (i32.store offset=8 (global.get $words) (local.get $from))
  (local.set $hash (call $opa_value_hash (global.get $words)))
  (local.set $place
    (i32.add (global.get $words) (i32.shl (i32.and (local.get $hash) (i32.const 1023)) (i32.const 2))))
  (local.set $string (i32.load offset=12 (local.get $place)))
  (if (local.get $string)
    (then
      (if (i32.eqz (call $opa_value_compare (local.get $string) (global.get $words)))
        (then (return (local.get $string))))))
  (local.set $string (call $opa_malloc (i32.add (local.get $length) (i32.const 12))))
  (local.set $to (i32.add (local.get $string) (i32.const 12)))
  (i32.store (local.get $string) (i32.or (i32.shl (local.get $hash) (i32.const 8)) (i32.const 8)))
  (i32.store offset=4 (local.get $string) (local.get $length))
  (i32.store offset=8 (local.get $string) (local.get $to))
  (i32.store offset=12 (local.get $place) (local.get $string))
  (local.set $end (i32.add (local.get $from) (local.get $length)))
  (block $rest
    (loop $eight
      (br_if $rest (i32.lt_u (i32.sub (local.get $end) (local.get $from)) (i32.const 8)))
      (i64.store align=1 (local.get $to) (i64.load align=1 (local.get $from)))
      (local.set $to (i32.add (local.get $to) (i32.const 8)))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (br $eight)))
  (loop $one
    (if (i32.eq (local.get $from) (local.get $end)) (then (return (local.get $string))))
    (i32.store8 (local.get $to) (i32.load8_u (local.get $from)))
    (local.set $to (i32.add (local.get $to) (i32.const 1)))
    (local.set $from (i32.add (local.get $from) (i32.const 1)))
    (br $one))
  (unreachable))

;; Reads over a string of JSON in which each byte from 0x20 to 0x7f but `\` stands for itself, eight at once; any other
;; string is left to OPA, from its beginning. Of the text: its start at 0, its length at 4; what was found from 8 to 12, and
;; where reading goes on at 16.
(func $quick.opa_json_lex_read_string (param $lex i32) (result i32)
  (local $start i32) (local $at i32) (local $end i32) (local $eight i64)
  (block $other
    (br_if $other (i32.ne (i32.load8_u (i32.load offset=16 (local.get $lex))) (i32.const 0x22)))
    (local.set $start (i32.add (i32.load offset=16 (local.get $lex)) (i32.const 1)))
    (local.set $at (local.get $start))
    (local.set $end (i32.add (i32.load (local.get $lex)) (i32.load offset=4 (local.get $lex))))
    (loop $plain
      (br_if $other (i32.lt_s (i32.sub (local.get $end) (local.get $at)) (i32.const 8)))
      (local.set $eight (i64.load align=1 (local.get $at)))
      ;; The highest bit of a byte says that it is not plain: above 0x7f, below 0x20, `"`, `\`. A byte above one that is not
      ;; plain may be marked as well, so only the lowest counts.
      (local.set $eight (i64.and (i64.const 0x8080808080808080) (i64.or
        (i64.or
          (local.get $eight)
          (i64.sub (local.get $eight) (i64.const 0x2020202020202020)))
        (i64.or
          (i64.sub (i64.xor (local.get $eight) (i64.const 0x2222222222222222)) (i64.const 0x0101010101010101))
          (i64.sub (i64.xor (local.get $eight) (i64.const 0x5c5c5c5c5c5c5c5c)) (i64.const 0x0101010101010101))))))
      (if (i64.eqz (local.get $eight))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br $plain))))
    (local.set $at (i32.add (local.get $at) (i32.wrap_i64 (i64.shr_u (i64.ctz (local.get $eight)) (i64.const 3)))))
    (br_if $other (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22)))
    (i32.store offset=8 (local.get $lex) (local.get $start))
    (i32.store offset=12 (local.get $lex) (local.get $at))
    (i32.store offset=16 (local.get $lex) (i32.add (local.get $at) (i32.const 1)))
    (return (i32.const 6)))
  (call $opa.opa_json_lex_read_string (local.get $lex)))

;; What rules gave in this evaluation: OPA keeps it in an object by number, this in a row. `with` puts another on top; one
;; that was taken off is used again, so that `with` in a loop takes no more memory than once.
;; At 0 the row below, or none; at 4 the one above, where it was made; from 8 on a value for each function of the module,
;; 0 where it has none yet. Who asks before the first evaluation is stopped.
(global $given (mut i32) (i32.const 0))

(func $quick.opa_memoize_init
  (global.set $words (i32.const -1))
  (global.set $given (i32.const 0))
  (call $opa_memoize_push))

(func $quick.opa_memoize_push
  (local $row i32)
  (if (global.get $given) (then (local.set $row (i32.load offset=4 (global.get $given)))))
  (if (i32.eqz (local.get $row))
    (then
      (local.set $row (call $opa_malloc (i32.const ROW_BYTES)))
      (i32.store (local.get $row) (global.get $given))
      (i32.store offset=4 (local.get $row) (i32.const 0))
      (if (global.get $given) (then (i32.store offset=4 (global.get $given) (local.get $row))))))
  (memory.fill (i32.add (local.get $row) (i32.const 8)) (i32.const 0) (i32.const VALUE_BYTES))
  (global.set $given (local.get $row)))

(func $quick.opa_memoize_pop
  (global.set $given (i32.load (global.get $given))))

(func $quick.opa_memoize_insert (param $rule i32) (param $value i32)
  (if (i32.or (i32.eqz (global.get $given)) (i32.ge_u (local.get $rule) (i32.const FUNCTIONS))) (then (unreachable)))
  (i32.store offset=8
    (i32.add (global.get $given) (i32.shl (local.get $rule) (i32.const 2))) (local.get $value)))

(func $quick.opa_memoize_get (param $rule i32) (result i32)
  (if (i32.or (i32.eqz (global.get $given)) (i32.ge_u (local.get $rule) (i32.const FUNCTIONS))) (then (unreachable)))
  (i32.load offset=8 (i32.add (global.get $given) (i32.shl (local.get $rule) (i32.const 2)))))
