// Drives the npm package bitget-api against the paper exchange: node bitget_api.mjs URL KEY SECRET PASSPHRASE.
// Prints one JSON object: what each call answered, or the code it was refused with. Status 3 without the package.
import { createRequire } from 'node:module';

let RestClientV2;
try {
  ({ RestClientV2 } = createRequire(`${process.cwd()}/`)('bitget-api'));
} catch {
  process.exit(3);
}

const [baseUrl, apiKey, apiSecret, apiPass] = process.argv.slice(2);
const anybody = new RestClientV2({ baseUrl });
const signed = new RestClientV2({ baseUrl, apiKey, apiSecret, apiPass });
const stranger = new RestClientV2({ baseUrl, apiKey, apiSecret: 'wrong', apiPass });
const btc = { symbol: 'BTCUSDT', productType: 'USDT-FUTURES' };

const calls = {
  time: () => anybody.getServerTime(),
  ticker: () => anybody.getFuturesTicker(btc),
  tickers: () => anybody.getFuturesAllTickers({ productType: 'USDT-FUTURES' }),
  depth: () => anybody.getFuturesMergeDepth({ ...btc, limit: '5' }),
  candles: () => anybody.getFuturesCandles({ ...btc, granularity: '1m', limit: '3' }),
  interest: () => anybody.getFuturesOpenInterest(btc),
  fundingTime: () => anybody.getFuturesNextFundingTime(btc),
  symbolPrice: () => anybody.getFuturesSymbolPrice(btc),
  contracts: () => anybody.getFuturesContractConfig({ productType: 'USDT-FUTURES' }),
  spotTicker: () => anybody.getSpotTicker({ symbol: 'BTCUSDT' }),
  spotCandles: () => anybody.getSpotCandles({ symbol: 'BTCUSDT', granularity: '1min', limit: '3' }),
  coins: () => anybody.getSpotCoinInfo(),
  symbols: () => anybody.getSpotSymbolInfo(),
  announcements: () => anybody.getAnnouncements({ language: 'en_US' }),
  nowhere: () => anybody.getFuturesTicker({ ...btc, symbol: 'NOPE' }),
  signed: () => signed.getEarnSavingsProducts({ coin: 'BTC', filter: 'available' }),
  stranger: () => stranger.getEarnSavingsProducts({ coin: 'BTC', filter: 'available' }),
};

const answers = {};
for (const [name, call] of Object.entries(calls)) {
  try {
    answers[name] = (await call()).data;
  } catch (failure) {
    answers[name] = failure.body?.code ?? String(failure.message ?? failure);
  }
}
console.log(JSON.stringify(answers));
