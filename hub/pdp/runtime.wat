;; What stands in a module in the place of OPA's own functions of these names (hub.pdp.runtime puts it there):
;; $quick.NAME replaces $NAME, and $opa.NAME is what OPA had there. They do the same, in fewer steps.
;;
;; A value of OPA 1.17 in memory: its type in byte 0, 4 or 8 for a string; its length at 4, the address of its bytes at 8.

;; OPA takes a string byte by byte; this takes eight at once. Short ones are read twice where that saves a loop.
(func $quick.opa_value_hash (param $value i32) (result i32)
  (local $at i32) (local $length i32) (local $last i32) (local $hash i64)
  (if (i32.and (i32.load8_u (local.get $value)) (i32.const 0xf3))
    (then (return (call $opa.opa_value_hash (local.get $value)))))
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
  (i32.wrap_i64 (i64.shr_u (i64.mul (local.get $hash) (i64.const 0x9e3779b97f4a7c15)) (i64.const 32))))

;; -1, 0 or 1. Two strings are done here: by their bytes, which have no sign; then the shorter one comes first.
(func $quick.opa_value_compare (param $a i32) (param $b i32) (result i32)
  (local $kind i32) (local $p i32) (local $q i32) (local $end i32) (local $shorter i32)
  (if (i32.eq (local.get $a) (local.get $b)) (then (return (i32.const 0))))
  (block $other
    (br_if $other (i32.eqz (local.get $a)))
    (br_if $other (i32.eqz (local.get $b)))
    (local.set $kind (i32.or (i32.load8_u (local.get $a)) (i32.load8_u (local.get $b))))
    (if (i32.eqz (i32.and (local.get $kind) (i32.const 0xf3)))
      (then
        (local.set $p (i32.load offset=8 (local.get $a)))
        (local.set $q (i32.load offset=8 (local.get $b)))
        (local.set $end (i32.load offset=4 (local.get $a)))
        (local.set $kind (i32.load offset=4 (local.get $b)))
        (local.set $shorter (i32.sub
          (i32.gt_u (local.get $end) (local.get $kind)) (i32.lt_u (local.get $end) (local.get $kind))))
        (if (i32.gt_s (local.get $shorter) (i32.const 0)) (then (local.set $end (local.get $kind))))
        (local.set $end (i32.add (local.get $p) (local.get $end)))
        (block $differ
          (loop $eight
            (br_if $differ (i32.lt_u (i32.sub (local.get $end) (local.get $p)) (i32.const 8)))
            (br_if $differ (i64.ne (i64.load align=1 (local.get $p)) (i64.load align=1 (local.get $q))))
            (local.set $p (i32.add (local.get $p) (i32.const 8)))
            (local.set $q (i32.add (local.get $q) (i32.const 8)))
            (br $eight)))
        (loop $one
          (if (i32.eq (local.get $p) (local.get $end)) (then (return (local.get $shorter))))
          (local.set $kind (i32.sub (i32.load8_u (local.get $p)) (i32.load8_u (local.get $q))))
          (if (local.get $kind)
            (then (return (select (i32.const -1) (i32.const 1) (i32.lt_s (local.get $kind) (i32.const 0))))))
          (local.set $p (i32.add (local.get $p) (i32.const 1)))
          (local.set $q (i32.add (local.get $q) (i32.const 1)))
          (br $one)))))
  (call $opa.opa_value_compare (local.get $a) (local.get $b)))

;; What rules gave in this evaluation: OPA keeps it in an object by number, this in a row. `with` puts another on top; one
;; that was taken off is used again, so that `with` in a loop takes no more memory than once.
;; At 0 the row below, or none; at 4 the one above, where it was made; from 8 on a value for each function of the module,
;; 0 where it has none yet. Who asks before the first evaluation is stopped.
(func $quick.opa_memoize_init
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
