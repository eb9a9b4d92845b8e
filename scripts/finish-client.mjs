// Makes what was built for the browser as small as it gets, and few enough files for a slow network:
// 1. what several sections share comes in one file for each set of sections, most of them tiny: those are
//    merged into one;
// 2. WASM goes through binaryen, as `wasm-opt -Oz` would but in one process (starting it takes longer than
//    most of the files);
// 3. everything is compressed beside itself, for the server to send.
// Usage: node scripts/finish-client.mjs FOLDER
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import binaryen from 'binaryen';

// Below this size a file of its own costs more than loading it where it is not wanted.
const TINY = 16_000;
const folder = process.argv[2];
const at = (name) => join(folder, name);

function parse(path) {
  return binaryen.readBinary(readFileSync(path), binaryen.Features.All);
}

// Chunks import the memory, the table and globals of the main part, and export nothing: they find each other
// through the table. Merged, they import them once, through a stub whose names say where to find them.
function mergeTiny() {
  const link = '__wasm_split.______________________.js';
  const tiny = readdirSync(folder).filter((name) => /^chunk_\d+\.wasm$/.test(name) && statSync(at(name)).size < TINY);
  if (tiny.length < 2) return;
  const imports = new Set();
  for (const name of tiny) {
    const chunk = parse(at(name));
    for (const [line] of chunk.emitText().matchAll(/^ \(import "__wasm_split" .*$/gm)) imports.add(line.trim());
    chunk.dispose();
  }
  writeFileSync(at('stub.wasm'), stub([...imports]));
  const inputs = tiny.flatMap((name) => [at(name), name]);
  execFileSync('wasm-merge', ['--all-features', at('stub.wasm'), '__wasm_split', ...inputs, '-o', at('shared.wasm')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  rmSync(at('stub.wasm'));

  let merged = 0;
  const javascript = readFileSync(at(link), 'utf8').replace(
    /const (__chunk_\d+) = makeLoad\((\(\) => \{\s*const src = fetch\(new URL\("\.\/(chunk_\d+\.wasm)"[\s\S]*?)\n, \[\]\);/g,
    (whole, variable, fetcher, name) => {
      if (!tiny.includes(name)) return whole;
      merged += 1;
      const first = merged === 1 ? `const shared = makeLoad(${fetcher.replace(name, 'shared.wasm')}\n, []);\n` : '';
      return `${first}const ${variable} = shared;`;
    },
  );
  const outer = 'sharedImports.main = sharedImports.__wasm_split;';
  const linked = javascript.replace(/(\n\s*return sharedImports;)/, `\n        ${outer}$1`);
  if (merged !== tiny.length || !linked.includes(outer)) {
    throw new Error(`the link between the files is not what was expected: ${merged} of ${tiny.length} chunks`);
  }
  writeFileSync(at(link), linked);
  const manifest = JSON.parse(readFileSync(at('__wasm_split_manifest.json'), 'utf8'));
  for (const [section, names] of Object.entries(manifest)) {
    manifest[section] = [...new Set(names.map((name) => (tiny.includes(`${name}.wasm`) ? 'shared' : name)))];
  }
  writeFileSync(at('__wasm_split_manifest.json'), JSON.stringify(manifest));
  for (const name of tiny) rmSync(at(name));
}

// A module that gives on under "__wasm_split" what it imports from "main".
function stub(imports) {
  const kinds = { memory: 'memory', table: 'table', global: 'global' };
  const lines = [];
  for (const [i, line] of imports.entries()) {
    const [, name, kind] = /^\(import "__wasm_split" "([^"]+)" \((\w+)/.exec(line);
    if (!kinds[kind]) throw new Error(`a chunk imports what was not expected: ${line}`);
    const bare = line.replace('"__wasm_split"', '"main"').replace(/\((memory|table|global) \$\S+/, `($1 $shared${i}`);
    lines.push(`${bare} (export "${name}" (${kind} $shared${i}))`);
  }
  const text = `(module ${lines.map((line) => line.split(' (export')[0]).join('\n')}
    ${lines.map((line) => `(export${line.split(' (export')[1]}`).join('\n')})`;
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  return module.emitBinary();
}

// What browsers of the last years read; binaryen would use more.
const { MutableGlobals, SignExt, NontrappingFPToInt, BulkMemory, BulkMemoryOpt, ReferenceTypes, Multivalue } =
  binaryen.Features;
const known =
  MutableGlobals | SignExt | NontrappingFPToInt | BulkMemory | BulkMemoryOpt | ReferenceTypes | Multivalue;

function shrink(path) {
  const module = parse(path);
  module.setFeatures(known);
  module.optimize();
  writeFileSync(path, module.emitBinary());
  module.dispose();
}

function compress(path) {
  const content = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
}

binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
mergeTiny();
for (const name of readdirSync(folder)) {
  if (name.endsWith('.wasm')) shrink(at(name));
  if (/\.(wasm|js|css)$/.test(name)) compress(at(name));
}
