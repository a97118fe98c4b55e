// Trades with the npm package bitget-api on the paper exchange: node bitget_api_trading.mjs URL KEY SECRET PASSPHRASE.
// Prints one JSON object: what each step answered, or the code it was refused with. Status 3 without the package.
import { createRequire } from 'node:module';

let RestClientV2;
try {
  ({ RestClientV2 } = createRequire(`${process.cwd()}/`)('bitget-api'));
} catch {
  process.exit(3);
}

const [baseUrl, apiKey, apiSecret, apiPass] = process.argv.slice(2);
const client = new RestClientV2({ baseUrl, apiKey, apiSecret, apiPass });
const line = { productType: 'USDT-FUTURES' };
const eth = { ...line, symbol: 'ETHUSDT', marginCoin: 'USDT' };
const order = { ...eth, marginMode: 'crossed' };
const answers = {};

async function step(name, call) {
  try {
    answers[name] = (await call()).data;
  } catch (failure) {
    answers[name] = failure.body?.code ?? String(failure.message ?? failure);
  }
}

await step('transfer', () => client.spotTransfer({ fromType: 'spot', toType: 'usdt_futures', amount: '5000', coin: 'USDT' }));
await step('leverage', () => client.setFuturesLeverage({ ...eth, leverage: '10' }));
await step('market', () => client.futuresSubmitOrder({ ...order, side: 'buy', orderType: 'market', size: '1' }));
await step('position', () => client.getFuturesPosition(eth));
await step('limit', () =>
  client.futuresSubmitOrder({ ...order, side: 'buy', orderType: 'limit', force: 'gtc', price: '1000', size: '1', clientOid: 'js-1' }));
await step('open', () => client.getFuturesOpenOrders(line));
await step('detail', () => client.getFuturesOrder({ symbol: 'ETHUSDT', ...line, clientOid: 'js-1' }));
await step('twice', () =>
  client.futuresSubmitOrder({ ...order, side: 'buy', orderType: 'limit', force: 'gtc', price: '1000', size: '1', clientOid: 'js-1' }));
await step('cancel', () => client.futuresCancelOrder({ symbol: 'ETHUSDT', ...line, clientOid: 'js-1' }));
await step('plan', () =>
  client.futuresSubmitPlanOrder({ ...order, planType: 'normal_plan', side: 'sell', orderType: 'market', size: '0.5',
    triggerPrice: '900', triggerType: 'mark_price' }));
await step('plans', () => client.getFuturesPlanOrders({ ...line, planType: 'normal_plan' }));
await step('fills', () => client.getFuturesFills(line));
await step('tooLarge', () => client.futuresSubmitOrder({ ...order, side: 'buy', orderType: 'market', size: '3000' }));
await step('close', () => client.futuresFlashClosePositions({ ...line, symbol: 'ETHUSDT' }));
await step('accounts', () => client.getFuturesAccountAssets(line));
await step('spot', () => client.spotSubmitOrder({ symbol: 'BTCUSDT', side: 'buy', orderType: 'market', force: 'gtc', size: '1000' }));
await step('spotFills', () => client.getSpotFills({ symbol: 'BTCUSDT' }));
await step('assets', () => client.getSpotAccountAssets({ coin: 'BTC' }));
console.log(JSON.stringify(answers));
