// Finds numbers whose SHA-256 with the form's stamp begins with so many zero bits, aside from the page (FIPS 180-4).
(function () {
  "use strict";
  var K = new Int32Array(64), START = new Int32Array(8), W = new Int32Array(64);
  (function () {
    function bits(root) { return Math.floor((root - Math.floor(root)) * 4294967296) | 0; }
    for (var number = 2, found = 0; found < 64; number += 1) {
      var prime = true;
      for (var divisor = 2; divisor * divisor <= number; divisor += 1) { if (number % divisor === 0) { prime = false; break; } }
      if (!prime) { continue; }
      if (found < 8) { START[found] = bits(Math.sqrt(number)); }
      K[found] = bits(Math.cbrt(number));
      found += 1;
    }
  })();

  function turn(word, by) { return (word >>> by) | (word << (32 - by)); }

  function block(into, state, bytes, at) {
    var i, a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (i = 0; i < 16; i += 1) {
      W[i] = (bytes[at + 4 * i] << 24) | (bytes[at + 4 * i + 1] << 16) | (bytes[at + 4 * i + 2] << 8) | bytes[at + 4 * i + 3];
    }
    for (i = 16; i < 64; i += 1) {
      var x = W[i - 15], y = W[i - 2];
      W[i] = W[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + W[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)) | 0;
    }
    for (i = 0; i < 64; i += 1) {
      var one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      var two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    into[0] = state[0] + a; into[1] = state[1] + b; into[2] = state[2] + c; into[3] = state[3] + d;
    into[4] = state[4] + e; into[5] = state[5] + f; into[6] = state[6] + g; into[7] = state[7] + h;
  }

  // The blocks that all tries share are hashed once; each try is then a block, or two.
  function solve(prefix, bits) {
    var head = new TextEncoder().encode(prefix), shared = head.length - head.length % 64, state = START.slice(), last = new Int32Array(8), at;
    for (at = 0; at < shared; at += 64) { block(state, state, head, at); }
    var rest = head.length - shared, tail = new Uint8Array(128);
    tail.set(head.subarray(shared));
    for (var number = 0; ; number += 1) {
      var digits = String(number), length = rest + digits.length, end = length > 55 ? 128 : 64, total = (shared + length) * 8;
      for (at = 0; at < digits.length; at += 1) { tail[rest + at] = digits.charCodeAt(at); }
      tail.fill(0, length, end);
      tail[length] = 128;
      tail[end - 2] = total >>> 8;
      tail[end - 1] = total;
      block(last, state, tail, 0);
      if (end === 128) { block(last, last, tail, 64); }
      if (Math.clz32(last[0]) >= bits) { return digits; }
    }
  }

  addEventListener("message", function (event) {
    var told = event.data, numbers = [];
    for (var puzzle = 0; puzzle < told.puzzles; puzzle += 1) { numbers.push(solve(told.stamp + ":" + puzzle + ":", told.bits)); }
    postMessage(numbers.join(","));
  });
})();
