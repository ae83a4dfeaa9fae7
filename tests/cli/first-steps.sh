# first-steps.sh
npx wix-oauth-apps doctor
npx wix-oauth-apps ensure --name Storefront --redirect-uri http://localhost:3000/cb --env-file-out .env.local
npx wix-oauth-apps allow name:Storefront --both https://shop.example.com/cb
npx wix-oauth-apps check name:Storefront https://shop.example.com/cb
npx wix-oauth-apps list
