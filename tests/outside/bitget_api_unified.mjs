// Trades on a unified account of the paper exchange with the V3 clients of the npm package bitget-api, and follows its own
// trading: node bitget_api_unified.mjs URL STREAMS KEY SECRET PASSPHRASE. Prints one JSON object: what was heard, by topic,
// what each step answered or the code it was refused with, and every exception. Status 3 without the package.
import { createRequire } from 'node:module';

let RestClientV3, WebsocketClientV3;
try {
  ({ RestClientV3, WebsocketClientV3 } = createRequire(`${process.cwd()}/`)('bitget-api'));
} catch {
  process.exit(3);
}

const [baseUrl, wsUrl, apiKey, apiSecret, apiPass] = process.argv.slice(2);
const keys = { apiKey, apiSecret, apiPass };
const client = new RestClientV3({ ...keys, baseUrl });
const streams = new WebsocketClientV3({ ...keys, wsUrl }, { trace() {}, info() {}, error() {} });
const category = 'USDT-FUTURES';
const btc = { category, symbol: 'BTCUSDT' };
const heard = {};
const exceptions = [];
const authenticated = [];
const answers = {};

streams.on('update', ({ action, arg, data }) => {
  (heard[`${arg.instType} ${arg.topic}`] ??= []).push({ action, data });
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

const prices = (topic, more) => ({ topic, payload: { instType: 'usdt-futures', symbol: 'BTCUSDT', ...more } });
const own = (topic, more) => ({ topic, payload: { instType: 'UTA', ...more } });

streams.subscribe(
  [prices('ticker'), prices('publicTrade'), prices('books'), prices('books5'), prices('kline', { interval: '1m' })],
  'v3Public',
);
streams.subscribe(
  [own('account'), own('position'), own('order'), own('fill'), own('strategy-order', { symbol: 'default' })],
  'v3Private',
);
await until(() => heard['UTA position'] && heard['UTA account'] && (heard['usdt-futures books']?.length ?? 0) > 3);

const last = Number((await client.getTickers(btc)).data[0].lastPrice);
const low = String(Math.round(last * 0.97));
const limit = { ...btc, side: 'buy', orderType: 'limit', price: low, qty: '0.01', clientOid: 'js-1' };
await step('info', () => client.getAccountInfo());
await step('settings', () => client.getAccountSettings());
await step('leverage', () => client.setLeverage({ ...btc, leverage: '10' }));
await step('market', () => client.submitNewOrder({ ...btc, side: 'buy', orderType: 'market', qty: '0.02' }));
await step('position', () => client.getCurrentPosition({ category }));
await step('limit', () => client.submitNewOrder(limit));
await step('twice', () => client.submitNewOrder(limit));
await step('open', () => client.getUnfilledOrders({ category }));
await step('modify', () => client.modifyOrder({ ...btc, clientOid: 'js-1', qty: '0.02' }));
await step('order', () => client.getOrderInfo({ clientOid: 'js-1' }));
await step('cancel', () => client.cancelOrder({ ...btc, clientOid: 'js-1' }));
await step('batch', () => client.placeBatchOrders([{ ...limit, clientOid: 'js-2' }, { ...limit, clientOid: 'js-3', qty: '190' }]));
await step('cancelBatch', () => client.cancelBatchOrders([{ ...btc, clientOid: 'js-2' }, { ...btc, clientOid: 'js-3' }]));
await step('strategy', () =>
  client.submitStrategyOrder({ ...btc, type: 'tpsl', posSide: 'long', stopLoss: low, clientOid: 'js-4' }));
await step('strategies', () => client.getUnfilledStrategyOrders({ category }));
await step('spot', () =>
  client.submitNewOrder({ category: 'SPOT', symbol: 'BTCUSDT', side: 'buy', orderType: 'market', qty: '500' }));
await step('transfer', () => client.submitTransfer({ fromType: 'uta', toType: 'spot', coin: 'USDT', amount: '5' }));
await step('tooLarge', () => client.submitNewOrder({ ...btc, side: 'buy', orderType: 'market', qty: '190' }));
await pause(500);
await step('close', () => client.closeAllPositions({ category }));
await step('fills', () => client.getTradeFills({}));
await step('history', () => client.getPositionHistory({ category }));
await step('balances', () => client.getBalances());
await until(() => heard['UTA strategy-order']?.length > 1 && heard['UTA position']?.length > 2);
await pause(600);
// A pipe takes its time, and the connections would keep the program alive.
process.stdout.write(JSON.stringify({ heard, answers, authenticated, exceptions }), () => process.exit(0));
