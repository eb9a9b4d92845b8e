// Makes what was built for the browser as small as it gets, and few enough files for a slow network:
// 1. what several sections share comes in one file for each set of sections, most of them tiny: what every page in
//    the frame needs is merged with the frame into one, and the tiny ones of the rest into another (compressed
//    apart, what is alike in them is sent again and again);
// 2. WASM goes through binaryen, as `wasm-opt -Oz` would but in one process (starting it takes longer than
//    most of the files), and JavaScript through terser;
// 3. everything is compressed beside itself, for the server to send.
// What counts is the size compressed: a few bytes more before it are often fewer after it.
// Usage: node scripts/finish-client.mjs FOLDER
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import binaryen from 'binaryen';
import { minify } from 'terser';

// Below this size a file of its own costs more than loading it where it is not wanted.
const TINY = 16_000;
const LINK = '__wasm_split.______________________.js';
const MANIFEST = '__wasm_split_manifest.json';
const folder = process.argv[2];
const at = (name) => join(folder, name);
const readManifest = () => JSON.parse(readFileSync(at(MANIFEST), 'utf8'));

function parse(path) {
  return binaryen.readBinary(readFileSync(path), binaryen.Features.All);
}

// Chunks import the memory, the table and globals of the main part, and export nothing: they find each other
// through the table. Merged, they import them once, through a stub whose names say where to find them.
function merge(name, chunks) {
  if (chunks.length < 2) return;
  const files = chunks.map((chunk) => `${chunk}.wasm`);
  const imports = new Set();
  for (const file of files) {
    const module = parse(at(file));
    for (const [line] of module.emitText().matchAll(/^ \(import "__wasm_split" .*$/gm)) imports.add(line.trim());
    module.dispose();
  }
  writeFileSync(at('stub.wasm'), stub([...imports]));
  const inputs = files.flatMap((file) => [at(file), file]);
  execFileSync('wasm-merge', ['--all-features', at('stub.wasm'), '__wasm_split', ...inputs, '-o', at(`${name}.wasm`)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for (const file of ['stub.wasm', ...files]) rmSync(at(file));

  relink(name, chunks);
  const manifest = readManifest();
  for (const [section, names] of Object.entries(manifest)) {
    manifest[section] = [...new Set(names.map((chunk) => (chunks.includes(chunk) ? name : chunk)))];
  }
  writeFileSync(at(MANIFEST), JSON.stringify(manifest));
}

// Whatever loaded one of the chunks loads the merged file.
function relink(name, chunks) {
  let fetcher;
  let found = 0;
  const merged = readFileSync(at(LINK), 'utf8').replace(
    /makeLoad\((\(\) => \{\s*const src = fetch\(new URL\("\.\/(\w+)\.wasm"[\s\S]*?)\n, \[[^\]]*\]\)/g,
    (whole, itsFetcher, chunk) => {
      if (!chunks.includes(chunk)) return whole;
      found += 1;
      fetcher ??= itsFetcher.replace(`${chunk}.wasm`, `${name}.wasm`);
      return name;
    },
  );
  if (found !== chunks.length) {
    throw new Error(`the link between the files is not what was expected: ${found} of ${chunks.length} chunks`);
  }
  const aliases = new RegExp(`^const (\\w+) = ${name};\\n`, 'gm');
  const same = new Set([...merged.matchAll(aliases)].map(([, alias]) => alias));
  const javascript = merged
    .replace(aliases, '')
    .replace(/\[(?:\w+, )*__chunk_[^\]]*\]/g, (list) => {
      const wanted = list.slice(1, -1).split(', ').map((one) => (same.has(one) ? name : one));
      return `[${[...new Set(wanted)].join(', ')}]`;
    })
    .replace(/^(?=const __chunk_|export const __wasm_split_load_)/m, `const ${name} = makeLoad(${fetcher}, []);\n`);
  writeFileSync(at(LINK), javascript);
}

// A page whose section names a file that nothing loads never wakes up.
function checkLink() {
  const javascript = readFileSync(at(LINK), 'utf8');
  const loaded = new Set([...javascript.matchAll(/^const (\w+) = makeLoad\(/gm)].map(([, name]) => name));
  const wanted = [...javascript.matchAll(/^, \[([^\]]*)\]/gm)].flatMap(([, list]) => (list ? list.split(', ') : []));
  const missing = wanted.filter((name) => !loaded.has(name));
  if (wanted.length === 0 || missing.length > 0) throw new Error(`files that nothing loads: ${missing.join(', ') || 'all'}`);
}

// What the merged files import beside what every chunk does.
function nameMain() {
  const outer = 'sharedImports.main = sharedImports.__wasm_split;';
  const javascript = readFileSync(at(LINK), 'utf8').replace(/(\n\s*return sharedImports;)/, `\n        ${outer}$1`);
  if (!javascript.includes(outer)) throw new Error('the link between the files is not what was expected');
  writeFileSync(at(LINK), javascript);
}

// What the dashboard shares with other pages is wanted by nearly all of them, and whoever works here begins there.
function mergeChunks() {
  const { desk, overview } = readManifest();
  const framed = [...new Set([...desk, ...overview])].filter((chunk) => chunk !== 'split_overview');
  merge('frame', framed);
  const left = readdirSync(folder).flatMap((file) => /^(chunk_\d+)\.wasm$/.exec(file)?.[1] ?? []);
  merge('shared', left.filter((chunk) => statSync(at(`${chunk}.wasm`)).size < TINY));
  nameMain();
  checkLink();
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

// wasm-bindgen exports the classes of every crate: those of wasm-streams come with leptos, and nothing here makes one.
const UNUSED = 'IntoUnderlying';

function forgetUnused(path) {
  const classes = new RegExp(`^export class ${UNUSED}\\w+ \\{\n[\\s\\S]*?^\\}\n.*\n|^const ${UNUSED}\\w+ = [^;]*;\n`, 'gm');
  const javascript = readFileSync(path, 'utf8').replace(classes, '');
  if (javascript.includes(UNUSED)) throw new Error(`${path}: a class that was thought unused is not`);
  writeFileSync(path, javascript);
}

function shrink(path) {
  const module = parse(path);
  module.setFeatures(known);
  for (let at = module.getNumExports() - 1; at >= 0; at -= 1) {
    const { name } = binaryen.getExportInfo(module.getExportByIndex(at));
    if (name.includes(UNUSED.toLowerCase())) module.removeExport(name);
  }
  // Flat code, its jumps made anew: what is left after optimising is a hundredth less.
  module.runPasses(['flatten', 'rereloop']);
  module.optimize();
  module.optimize();
  // Those that are used most by the shortest numbers, once more: optimising has made others.
  module.runPasses(['coalesce-locals', 'reorder-locals']);
  const sorted = alikeTogether(module);
  module.dispose();
  sorted.setFeatures(known);
  writeFileSync(path, sorted.emitBinary());
  sorted.dispose();
}

// The functions in the order of what they do: brotli says shorter what it has just seen, a thirtieth less in all.
function alikeTogether(module) {
  const text = module.emitText();
  const one = /^ \(func [\s\S]*?^ \)\n/gm;
  const functions = text.match(one) ?? [];
  const imported = [...text.matchAll(/^ \(import .*\(func /gm)].length;
  if (functions.length + imported !== module.getNumFunctions()) throw new Error('functions were not found in the text');
  const keyed = functions.map((code) => [code.match(/\([a-z]\S*/g).slice(1).join(' '), code]);
  keyed.sort(([first], [second]) => (first < second ? -1 : Number(first > second)));
  const start = text.search(one);
  const rest = text.replace(one, '');
  return binaryen.parseText(rest.slice(0, start) + keyed.map(([, code]) => code).join('') + rest.slice(start));
}

// Long names, comments and indentation are for those who read the sources.
async function strip(path) {
  const { code } = await minify(readFileSync(path, 'utf8'), { module: true, compress: { passes: 2 }, mangle: true });
  writeFileSync(path, code);
}

function compress(path) {
  const content = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
}

binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
if (existsSync(at(MANIFEST))) {
  mergeChunks();
} else {
  // The phone's program is in one piece: the compiler has put in line what pays. What binaryen adds to it compresses
  // worse than what it saves.
  binaryen.setAlwaysInlineMaxSize(1);
  binaryen.setFlexibleInlineMaxSize(1);
  binaryen.setOneCallerInlineMaxSize(1);
}
for (const name of readdirSync(folder)) {
  if (name.endsWith('.wasm')) shrink(at(name));
  if (['dashboard-fb.js', 'livreur.js'].includes(name)) forgetUnused(at(name));
  if (name.endsWith('.js')) await strip(at(name));
  if (/\.(wasm|js|css)$/.test(name)) compress(at(name));
}
