// Follows the paper exchange's streams with the npm package bitget-api while trading on it:
// node bitget_api_streams.mjs URL STREAMS KEY SECRET PASSPHRASE. Prints one JSON object: what was heard, by instType and
// channel, the answers to what was done, and every exception. Status 3 without the package.
import { createRequire } from 'node:module';

let RestClientV2, WebsocketClientV2;
try {
  ({ RestClientV2, WebsocketClientV2 } = createRequire(`${process.cwd()}/`)('bitget-api'));
} catch {
  process.exit(3);
}

const [baseUrl, wsUrl, apiKey, apiSecret, apiPass] = process.argv.slice(2);
const keys = { apiKey, apiSecret, apiPass };
const client = new RestClientV2({ ...keys, baseUrl });
const quiet = { trace() {}, info() {}, error() {} };
const streams = new WebsocketClientV2({ ...keys, wsUrl }, quiet);
const line = 'USDT-FUTURES';
const swap = { productType: line, symbol: 'BTCUSDT', marginCoin: 'USDT', marginMode: 'crossed' };
const heard = {};
const exceptions = [];
const authenticated = [];
const answers = {};

streams.on('update', ({ action, arg, data }) => {
  (heard[`${arg.instType} ${arg.channel}`] ??= []).push({ action, data });
});
streams.on('authenticated', ({ event }) => authenticated.push(event));
streams.on('exception', (failure) => exceptions.push(failure));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition) {
  for (let turn = 0; turn < 200 && !condition(); turn += 1) await pause(50);
}

async function step(name, call) {
  try {
    answers[name] = (await call()).data;
  } catch (failure) {
    answers[name] = failure.body?.code ?? String(failure.message ?? failure);
  }
}

const spot = (topic, selector) => ({ topic, payload: { instType: 'SPOT', ...selector } });
const futures = (topic, selector) => ({ topic, payload: { instType: line, ...selector } });
const btc = { instId: 'BTCUSDT' };
const all = { instId: 'default' };

streams.subscribe(
  [...['ticker', 'books', 'books15', 'trade', 'candle1m'].map((topic) => futures(topic, btc)), spot('books1', btc)],
  'v2Public',
);
streams.subscribe(
  [
    ...['positions', 'orders', 'fill', 'orders-algo', 'positions-history'].map((topic) => futures(topic, all)),
    ...['orders', 'fill'].map((topic) => spot(topic, all)),
    futures('account', { coin: 'default' }),
    spot('account', { coin: 'default' }),
  ],
  'v2Private',
);
await until(() => heard[`${line} positions`] && heard['SPOT account'] && (heard[`${line} books`]?.length ?? 0) > 3);
await step('transfer', () => client.spotTransfer({ fromType: 'spot', toType: 'usdt_futures', amount: '5000', coin: 'USDT' }));
await step('market', () => client.futuresSubmitOrder({ ...swap, side: 'buy', orderType: 'market', size: '0.02' }));
await step('limit', () =>
  client.futuresSubmitOrder({ ...swap, side: 'buy', orderType: 'limit', force: 'gtc', price: '30000', size: '0.01', clientOid: 'js-1' }));
await step('cancel', () => client.futuresCancelOrder({ symbol: 'BTCUSDT', productType: line, clientOid: 'js-1' }));
await step('spot', () => client.spotSubmitOrder({ symbol: 'BTCUSDT', side: 'buy', orderType: 'market', force: 'gtc', size: '500' }));
await pause(500);
await step('close', () => client.futuresFlashClosePositions({ productType: line, symbol: 'BTCUSDT' }));
await step('fills', () => client.getFuturesFills({ productType: line }));
await step('spotFills', () => client.getSpotFills({ symbol: 'BTCUSDT' }));
await until(() => heard[`${line} positions-history`] && heard['SPOT fill']);
await pause(600);
// A pipe takes its time, and the connections would keep the program alive.
process.stdout.write(JSON.stringify({ heard, answers, authenticated, exceptions }), () => process.exit(0));
