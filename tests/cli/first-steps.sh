# first-steps.sh
npx wix-oauth-apps-cli doctor
npx wix-oauth-apps-cli ensure --name Storefront --redirect-uri http://localhost:3000/cb --env-file-out .env.local
npx wix-oauth-apps-cli allow name:Storefront --both https://shop.example.com/cb
npx wix-oauth-apps-cli check name:Storefront https://shop.example.com/cb
npx wix-oauth-apps-cli list
